import { isObject } from '../../engine/language/is-object.js';
import type { Millis } from '../../engine/language/millis.js';
import { InvalidRequest, type Problem } from '../../errors.js';
import { readFields, Refused } from '../../http/read-fields.js';
import { isClamped, timeOfWord } from './event-time.js';
import { BROKEN_TEXT, MAX_ID_LENGTH } from '../../doors/read-id.js';
import { readName } from '../../doors/read-name.js';
import { readTime } from '../../engine/values/read-time.js';

/** What a person says about a purpose. */
export interface SaidConsent {
  readonly purpose: string;
  readonly granted: boolean;
  /** From then on it says nothing any more; undefined for good. */
  readonly until: Millis | undefined;
  /** When it was said; undefined for now. */
  readonly at: Millis | undefined;
  /** A time to come was given, and it was said now. */
  readonly clamped: boolean;
}

const FIELDS = { status: statusIn, until: timeIn, timestamp: timeIn };

/**
 * Reads the body of a request about a purpose, which came at `now`. Throws {@link InvalidRequest} with every problem.
 */
export function readConsentBody(named: string, body: unknown, now: Millis): SaidConsent {
  const purpose = readName(named);
  if (!isObject(body))
    throw new InvalidRequest([{ path: '', message: 'must be an object such as { "status": "granted" }' }]);
  const saidAt = (timestamp: Millis | undefined) => (timestamp === undefined ? undefined : timeOfWord(timestamp, now));
  const { status, until, timestamp } = readFields(body, FIELDS, {
    unknown: 'the members are',
    together: (said) => [...purposeProblems(purpose), ...endProblems(said.until, saidAt(said.timestamp))],
  });
  return { purpose, granted: status === 'granted', until, at: saidAt(timestamp), clamped: isClamped(timestamp, now) };
}

/** All that is wrong with the name of a purpose. */
export function purposeProblems(purpose: string): Problem[] {
  if (purpose.length < 1 || purpose.length > MAX_ID_LENGTH)
    return [{ path: 'purpose', message: `must be a text of 1 to ${MAX_ID_LENGTH} characters` }];
  return purpose.isWellFormed() ? [] : [{ path: 'purpose', message: BROKEN_TEXT }];
}

function endProblems(until: Millis | undefined, at: Millis | undefined): Problem[] {
  if (until === undefined || at === undefined || until > at) return [];
  return [{ path: 'until', message: 'must be after timestamp' }];
}

function statusIn(given: unknown): 'granted' | 'denied' | Refused {
  return given === 'granted' || given === 'denied' ? given : new Refused('must be "granted" or "denied"');
}

function timeIn(given: unknown): Millis | undefined | Refused {
  if (given === undefined || given === null) return undefined;
  const read = readTime(given);
  return 'at' in read ? read.at : new Refused(read.wrong);
}
