import { isObject } from '../../engine/language/is-object.js';
import type { Millis } from '../../engine/language/millis.js';
import { InvalidRequest, type Problem } from '../../errors.js';
import { timeOfWord } from './event-time.js';
import { BROKEN_TEXT, MAX_ID_LENGTH } from './incoming-event.js';
import { parseTime } from './parse-time.js';

/** What a person says about a purpose. */
export interface SaidConsent {
  readonly purpose: string;
  readonly granted: boolean;
  /** From then on it says nothing any more; undefined for good. */
  readonly until: Millis | undefined;
  /** When it was said; undefined for now. */
  readonly at: Millis | undefined;
}

const MEMBERS = ['status', 'until', 'timestamp'];

/**
 * Reads the body of a request about a purpose, which came at `now`. Throws {@link InvalidRequest} with every problem.
 */
export function readConsentBody(purpose: string, body: unknown, now: Millis): SaidConsent {
  if (!isObject(body))
    throw new InvalidRequest([{ path: '', message: 'must be an object such as { "status": "granted" }' }]);
  const problems = purposeProblems(purpose);
  for (const name of Object.keys(body))
    if (!MEMBERS.includes(name))
      problems.push({ path: name, message: `is not known here; the members are ${MEMBERS.join(', ')}` });
  const granted = statusIn(body['status'], problems);
  const until = timeIn(body, 'until', problems);
  const told = timeIn(body, 'timestamp', problems);
  const at = told === undefined ? undefined : timeOfWord(told, now);
  if (until !== undefined && at !== undefined && until <= at)
    problems.push({ path: 'until', message: 'must be after timestamp' });
  if (problems.length > 0) throw new InvalidRequest(problems);
  return { purpose, granted, until, at };
}

/** All that is wrong with the name of a purpose. */
export function purposeProblems(purpose: string): Problem[] {
  if (purpose.length < 1 || purpose.length > MAX_ID_LENGTH)
    return [{ path: 'purpose', message: `must be a text of 1 to ${MAX_ID_LENGTH} characters` }];
  return purpose.isWellFormed() ? [] : [{ path: 'purpose', message: BROKEN_TEXT }];
}

function statusIn(status: unknown, problems: Problem[]): boolean {
  if (status !== 'granted' && status !== 'denied')
    problems.push({ path: 'status', message: 'must be "granted" or "denied"' });
  return status === 'granted';
}

function timeIn(said: Readonly<Record<string, unknown>>, name: string, problems: Problem[]): Millis | undefined {
  const value = said[name];
  if (value === undefined || value === null) return undefined;
  const at = typeof value === 'string' ? parseTime(value) : NaN;
  if (!Number.isNaN(at)) return at;
  problems.push({ path: name, message: 'must be an ISO 8601 time, such as "2027-11-21T00:00:00Z"' });
  return undefined;
}
