import { readMoment, type WithoutZone } from './read-moment.js';
import type { TimeAnswer } from './time-answer.js';

/**
 * The instant that is said, as {@link readMoment} reads it; of a day its first. Doors take UTC where no zone is said.
 */
export function readTime(said: unknown, withoutZone: WithoutZone = 'UTC'): TimeAnswer {
  const read = readMoment(said, withoutZone);
  return 'wrong' in read ? read : { at: read.first };
}
