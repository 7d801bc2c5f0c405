import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';
import type { Problem } from '../../errors.js';
import type { Evicted } from '../memory/evicted.js';
import type { LetGo, LetGoBySource } from '../memory/browser-share.js';
import { forgottenOf } from '../memory/forgotten.js';
import { readTime } from '../../engine/values/read-time.js';

const NOT_AS_EXPORTED = 'is not as an export has it; leave it out where there is none';

/**
 * Reads what an export says of interactions that are no longer retained; undefined where it says nothing, or not so
 * that it can be read.
 */
export function readReleased(said: Json | undefined, problems: Problem[]): LetGoBySource | undefined {
  if (said === undefined || said === null) return undefined;
  const parts: Readonly<Record<string, unknown>> = isObject(said) ? said : { counts: null };
  const { floor = null, browsers } = parts;
  const ofServers = readLetGo(parts);
  const ofBrowsers = isObject(browsers) ? readLetGo(browsers) : browsers === undefined ? undefined : 'counts';
  // A floor was told by earlier versions; it is passed over.
  if (typeof ofServers !== 'string' && typeof ofBrowsers !== 'string' && (floor === null || isWhole(floor)))
    return { ...ofServers, ...(ofBrowsers && { browsers: ofBrowsers }) };
  const wrong =
    typeof ofServers === 'string' ? ofServers : typeof ofBrowsers === 'string' ? `browsers.${ofBrowsers}` : 'floor';
  problems.push({ path: `released.${wrong}`, message: NOT_AS_EXPORTED });
  return undefined;
}

/** What one source's messages left behind, or the member that can't be read. */
function readLetGo({ counts = {}, messages = [] }: Readonly<Record<string, unknown>>): LetGo | 'counts' | 'messages' {
  if (!isCounts(counts)) return 'counts';
  if (!isMessages(messages)) return 'messages';
  const evicted = Object.entries(counts).map(([event, one]): [string, Evicted] => [
    event,
    { counts: one.counts, first: millis(one.first), last: millis(one.last) },
  ]);
  return { evicted: Object.fromEntries(evicted), forgotten: forgottenOf(messages) };
}

interface ToldEvicted {
  readonly counts: Readonly<Record<string, number>>;
  readonly first: string;
  readonly last: string;
}

function isCounts(value: unknown): value is Readonly<Record<string, ToldEvicted>> {
  return isObject(value) && Object.values(value).every(isEvicted);
}

function isEvicted(value: unknown): value is ToldEvicted {
  if (!isObject(value) || !isObject(value['counts'])) return false;
  const areCounts = Object.values(value['counts']).every((count) => isWhole(count) && count >= 0);
  return (
    areCounts && [value['first'], value['last']].every((at) => typeof at === 'string' && !Number.isNaN(millis(at)))
  );
}

function millis(text: string): number {
  const read = readTime(text);
  return 'at' in read ? read.at : NaN;
}

function isMessages(value: unknown): value is [number, number][] {
  return (
    Array.isArray(value) && value.every((one: unknown) => Array.isArray(one) && one.length === 2 && one.every(isWhole))
  );
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
