import { parseDuration } from '../engine/language/duration.js';
import type { Millis } from '../engine/language/millis.js';
import { InvalidRequest, type Problem } from '../errors.js';
import { parseTime } from '../visitors/intake/parse-time.js';
import type { RecordedQuery } from './recorded-lines.js';

const NAMES: readonly string[] = ['since', 'until', 'releases'];

/**
 * Reads the part of the address after the question mark: from the first that is recorded, and until now, unless it says
 * otherwise. Throws {@link InvalidRequest} with every problem.
 */
export function readRecordedQuery(query: Readonly<Record<string, unknown>>, now: Millis): RecordedQuery {
  const problems: Problem[] = [];
  for (const name of Object.keys(query))
    if (!NAMES.includes(name))
      problems.push({ path: name, message: `is not known here; ask with ${NAMES.join(', ')}` });
  const read = (name: string, fallback: Millis): Millis => {
    const value = query[name];
    if (value === undefined || value === '') return fallback;
    const instant = typeof value === 'string' ? parseInstant(value, now) : NaN;
    if (Number.isNaN(instant))
      problems.push({
        path: name,
        message: 'must be an ISO 8601 time such as 2026-11-21T10:00:00Z, or how long ago, such as 7d or 12h',
      });
    return instant;
  };
  const asked = { since: read('since', 0), until: read('until', now), releases: query['releases'] === 'true' };
  if (!asked.releases && ![undefined, 'false'].includes(query['releases'] as string | undefined))
    problems.push({ path: 'releases', message: 'must be true or false' });
  if (asked.since > asked.until)
    problems.push({ path: 'until', message: 'lies before since; nothing can be in between' });
  if (problems.length > 0) throw new InvalidRequest(problems);
  return asked;
}

/** A plus sign in an address is a space, unless it was written as %2B. */
function parseInstant(text: string, now: Millis): Millis {
  const ago = parseDuration(text);
  return ago === undefined ? parseTime(text.replace(' ', '+')) : now - ago;
}
