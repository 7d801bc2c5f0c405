import type { Config } from '../../config.js';
import type { Stores } from '../open-stores.js';
import { PersonalDecisions } from './personal-decisions.js';
import { PersonalInputs } from './personal-inputs.js';
import type { PersonalRecords } from './personal-records.js';
import { PersonalRejected } from './personal-rejected.js';

/** What the stores hold of people beside their documents. A store that begins to hold something is added here. */
export function storedRecords(
  { decisions, recorded, rejected }: Pick<Stores, 'decisions' | 'recorded' | 'rejected'>,
  { keepDays, keepRecordedDays }: Pick<Config, 'keepDays' | 'keepRecordedDays'>,
): PersonalRecords[] {
  return [
    new PersonalRejected(rejected),
    new PersonalInputs(recorded, keepRecordedDays),
    new PersonalDecisions(decisions, keepDays),
  ];
}
