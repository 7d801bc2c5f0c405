import { wholeNumber } from '../http/query-fields.js';
import { Refused, type Field } from '../http/read-fields.js';

const number = wholeNumber({ min: 1, fallback: undefined });

/** The version of a release, which must be there. */
export const releaseVersion: Field<number> = (given) =>
  number(given) ?? new Refused('must be the version of a release, such as 42');

/** The revision of a draft, which must be there. */
export const draftRevision: Field<number> = (given) =>
  number(given) ?? new Refused('must be the revision of the draft, such as 3');
