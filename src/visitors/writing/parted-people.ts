import type { Problem } from '../../errors.js';
import type { Memory } from '../memory/memory.js';
import { wereParted } from '../memory/parted.js';
import type { Person } from './people.js';

/** Why two who were parted are not joined again, and what to do. */
export const PARTED: Problem = {
  path: 'previousId',
  message:
    'These two were joined and parted again: they are joined only by an alias that is sent with a secret key ' +
    '(scope server).',
};

/** Whether a split said of the two that they are not one person. */
export function wereTheyParted(a: Person, b: Person): boolean {
  const notes = [...memoriesOf(a), ...memoriesOf(b)].flatMap(({ parted = [] }) => parted);
  return notes.length > 0 && wereParted(notes, idsOf(a), idsOf(b));
}

function memoriesOf({ memory, sources }: Person): Memory[] {
  return [memory, ...sources.values()];
}

function idsOf(person: Person): ReadonlySet<string> {
  const listed = memoriesOf(person).flatMap(({ id, userIds, anonymousIds }) => [id, ...userIds, ...anonymousIds]);
  return new Set([...person.ids, ...listed]);
}
