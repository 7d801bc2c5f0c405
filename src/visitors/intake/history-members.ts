import type { JsonObject } from '../../engine/language/json.js';
import type { Problem } from '../../errors.js';

/** What a part of an import may say, and what else it may have that is not taken in. */
interface KnownMembers {
  readonly members: readonly string[];
  readonly passedOver?: readonly string[];
}

/**
 * The parts of a line. What is passed over is what an export or a timeline has besides: it follows from the rest, or
 * belongs to this service and not to the person.
 */
const KNOWN = {
  line: {
    members: [
      ...['visitorId', 'timestamp', 'known', 'origin', 'joins', 'parted', 'ids', 'identities'],
      ...['traits', 'traitDetails', 'outrankedTraits', 'consents', 'interactions', 'contacts', 'goals', 'released'],
    ],
    passedOver: [
      ...['format', 'exportedAt', 'counters', 'sides', 'links', 'decisions', 'recorded', 'recordedStates', 'rejected'],
      ...['setAside', '$schema'],
    ],
  },
  identities: { members: ['known', 'anonymous'] },
  trait: { members: ['value', 'source', 'at', 'arrival'] },
  consent: { members: ['status', 'said', 'until', 'at', 'arrival'] },
  interaction: {
    members: ['event', 'timestamp', 'channel', 'properties', 'messageId', 'by', 'arrival'],
    passedOver: ['session'],
  },
} satisfies Readonly<Record<string, KnownMembers>>;

/** Of these a line needs one, or it says nothing of the person. */
export const TELLING: readonly string[] = KNOWN.line.members.slice(KNOWN.line.members.indexOf('ids'));

/** The first names of a part at `path` that are not known: what is misspelt would not count, and be lost. */
export function unknownMembers(part: keyof typeof KNOWN, path: string, value: JsonObject): Problem[] {
  const { members, passedOver = [] }: KnownMembers = KNOWN[part];
  const message = `is not known here; the members are ${members.join(', ')}`;
  const unknown = Object.keys(value).filter((name) => !members.includes(name) && !passedOver.includes(name));
  return unknown.slice(0, MOST_TOLD).map((name) => ({ path: path === '' ? name : `${path}.${name}`, message }));
}

const MOST_TOLD = 1_000;
