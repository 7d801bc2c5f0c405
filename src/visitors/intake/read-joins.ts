import { readId } from '../../doors/read-id.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';
import { readTime } from '../../engine/values/read-time.js';
import type { Problem } from '../../errors.js';
import type { Join } from '../memory/joins.js';
import type { Parted } from '../memory/parted.js';

/** Reads what an export says of the ids that were joined; undefined where it says nothing, or can't be read. */
export function readJoins(said: Json | undefined, problems: Problem[]): readonly Join[] | undefined {
  return readNotes(said, { name: 'joins', form: '{ "id", "at", "by" }', read: readJoin }, problems);
}

/** Reads what an export says of whom they were parted from; undefined as for {@link readJoins}. */
export function readParted(said: Json | undefined, problems: Problem[]): readonly Parted[] | undefined {
  return readNotes(said, { name: 'parted', form: '{ "id", "from", "at" }', read: readParting }, problems);
}

interface Notes<T> {
  readonly name: string;
  readonly form: string;
  readonly read: (said: unknown) => T | undefined;
}

function readNotes<T>(
  said: Json | undefined,
  { name, form, read }: Notes<T>,
  problems: Problem[],
): readonly T[] | undefined {
  if (said === undefined || said === null) return undefined;
  const notes = Array.isArray(said) ? said.map(read) : [undefined];
  const bad = notes.indexOf(undefined);
  if (bad < 0) return notes.filter((note) => note !== undefined);
  problems.push({
    path: Array.isArray(said) ? `${name}[${bad}]` : name,
    message: `is not as an export has it, ${form}; leave it out where there is none`,
  });
  return undefined;
}

function readJoin(said: unknown): Join | undefined {
  const { id, at, by }: { readonly id?: unknown; readonly at?: unknown; readonly by?: unknown } = isObject(said)
    ? said
    : {};
  const [whose, when] = [readId(id), readTime(at)];
  if (!whose || !('id' in whose) || !('at' in when)) return undefined;
  if (by !== undefined && by !== 'browser' && by !== 'server') return undefined;
  return { id: whose.id, at: when.at, ...(by && { by }) };
}

function readParting(said: unknown): Parted | undefined {
  const { id, from, at }: { readonly id?: unknown; readonly from?: unknown; readonly at?: unknown } = isObject(said)
    ? said
    : {};
  const [who, whom, when] = [readId(id), readId(from), readTime(at)];
  if (!who || !('id' in who) || !whom || !('id' in whom) || !('at' in when)) return undefined;
  return { id: who.id, from: whom.id, at: when.at };
}
