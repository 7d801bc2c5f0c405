import { readId } from '../../doors/read-id.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';
import { readTime } from '../../engine/values/read-time.js';
import type { Problem } from '../../errors.js';
import type { Join } from '../memory/joins.js';

/** Reads what an export says of the ids that were joined; undefined where it says nothing, or can't be read. */
export function readJoins(said: Json | undefined, problems: Problem[]): readonly Join[] | undefined {
  if (said === undefined || said === null) return undefined;
  const joins = Array.isArray(said) ? said.map(readJoin) : [undefined];
  const bad = joins.indexOf(undefined);
  if (bad < 0) return joins.filter((join) => join !== undefined);
  problems.push({
    path: Array.isArray(said) ? `joins[${bad}]` : 'joins',
    message: 'is not as an export has it, { "id", "at", "by" }; leave it out where there is none',
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
