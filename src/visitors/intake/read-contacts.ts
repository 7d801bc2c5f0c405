import { MAX_ID_LENGTH } from '../../doors/read-id.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import { contactEvents, messageRef, type Contact } from '../../engine/visitor/contacts.js';
import { readTime } from '../../engine/values/read-time.js';
import type { Problem } from '../../errors.js';
import { withContacts, type RememberedContacts, type RememberedGoal } from '../contacts/remembered-contacts.js';

const CONTACT =
  'must be { "offer", "event", "timestamp", "placement"?, "channel"? }, ' +
  `the event one of ${contactEvents.join(', ')}; ` +
  'an export has "ref", "heldUntil" and "leasedUntil" besides';
const GOAL = 'must be { "event", "timestamp" }; an export has "ref" besides';

/**
 * Reads what a line says of offers that came to the person: as an export has it, or of another system, which has no
 * `ref`. Undefined where it says nothing.
 */
export function readContacts(
  { visitorId, contacts, goals }: JsonObject,
  problems: Problem[],
): RememberedContacts | undefined {
  const of = typeof visitorId === 'string' ? visitorId : '';
  return withContacts(undefined, {
    contacts: readList('contacts', contacts, { read: (said) => readContact(said, of), wrong: CONTACT, problems }),
    goals: readList('goals', goals, { read: (said) => readGoal(said, of), wrong: GOAL, problems }),
  });
}

/** So many are read in one go, which takes some 25 ms. */
const MOST_IN_LINE = 10_000;

interface Reading<T> {
  readonly read: (said: JsonObject) => T | undefined;
  /** What one must be. */
  readonly wrong: string;
  readonly problems: Problem[];
}

function readList<T>(name: string, said: Json | undefined, { read, wrong, problems }: Reading<T>): readonly T[] {
  if (said === undefined || said === null) return [];
  if (!Array.isArray(said)) problems.push({ path: name, message: 'must be a list' });
  if (Array.isArray(said) && said.length > MOST_IN_LINE) {
    problems.push({ path: name, message: `has more than ${MOST_IN_LINE}; send the rest in further lines of them` });
    return [];
  }
  const all = (Array.isArray(said) ? said : []).map((one: Json) => (isObject(one) ? read(one) : undefined));
  const bad = all.indexOf(undefined);
  if (bad >= 0) problems.push({ path: `${name}[${bad}]`, message: wrong });
  return all.filter((one) => one !== undefined);
}

function readContact(said: JsonObject, of: string): Contact | undefined {
  const event = contactEvents.find((one) => one === said['event']);
  const [offer, at, placement, channel] = [
    textIn(said['offer']),
    timeIn(said['timestamp']),
    said['placement'],
    said['channel'],
  ];
  const [heldUntil, leasedUntil] = [said['heldUntil'], said['leasedUntil']].map((time) =>
    time === undefined ? undefined : (timeIn(time) ?? NaN),
  );
  const ref = refIn(said['ref'], [of, event ?? '', offer ?? '', at ?? 0]);
  if (event === undefined || offer === undefined || at === undefined || ref === undefined) return undefined;
  if ([placement, channel].some((one) => one !== undefined && textIn(one) === undefined)) return undefined;
  if (Number.isNaN(heldUntil) || Number.isNaN(leasedUntil)) return undefined;
  return {
    ...{ event, offer, at, ref },
    ...(typeof placement === 'string' && { placement }),
    ...(typeof channel === 'string' && { channel }),
    ...(heldUntil !== undefined && { heldUntil }),
    ...(leasedUntil !== undefined && { leasedUntil }),
  };
}

function readGoal(said: JsonObject, of: string): RememberedGoal | undefined {
  const [event, at] = [textIn(said['event']), timeIn(said['timestamp'])];
  const ref = refIn(said['ref'], [of, event ?? '', at ?? 0]);
  return event === undefined || at === undefined || ref === undefined ? undefined : { event, at, ref };
}

/** Where none is said it is made of what is: the same line again says the same. */
function refIn(said: Json | undefined, otherwise: readonly (string | number)[]): number | undefined {
  if (said === undefined) return messageRef(`imported ${JSON.stringify(otherwise)}`);
  return typeof said === 'number' && Number.isInteger(said) && said >= 0 && said < 2 ** 48 ? said : undefined;
}

function textIn(said: Json | undefined): string | undefined {
  const isText = typeof said === 'string' && said !== '' && said.length <= MAX_ID_LENGTH;
  return isText && said.isWellFormed() ? said : undefined;
}

function timeIn(said: Json | undefined): Millis | undefined {
  const read = said === undefined || said === null ? undefined : readTime(said);
  return read && 'at' in read ? Math.floor(read.at) : undefined;
}
