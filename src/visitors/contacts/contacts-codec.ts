/**
 * Contacts as bytes, by item: what one decision put into one place of one offer has one ref, and mostly one placement
 * and channel, whatever came of it. Times are told as the way from one to the next.
 */
import type { Contact, ContactEvent } from '../../engine/visitor/contacts.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';
import type { RememberedContacts, RememberedGoal } from './remembered-contacts.js';

/** By their numbers; never in another order. */
export const EVENTS: readonly ContactEvent[] = [
  'decided',
  'released',
  'shown',
  'clicked',
  'accepted',
  'dismissed',
  'rated',
];

/** How many bytes a ref takes. */
export const REF_BYTES = 6;

/** What happened to one item, in the order of {@link EVENTS}; `at` is when the first of it did. */
interface Item extends Pick<Contact, 'ref' | 'at'> {
  readonly contacts: readonly Contact[];
}

/** Appends contacts and goals. */
export function writeContacts(writer: ByteWriter, { contacts, goals }: RememberedContacts): void {
  const offers = offersOf(contacts);
  const inOrder = offers.flatMap(([, of]) => of);
  const all = inOrder.flatMap((item) => item.contacts);
  writeTexts(
    writer,
    offers.map(([offer]) => offer),
  );
  writer.codes(offers.map(([, of]) => of.length));
  for (const { ref } of inOrder) writer.fixed(ref, REF_BYTES);
  writer.codes(inOrder.map(maskOf));
  writer.numbers(all.map(({ at }) => at));
  for (const name of ['placement', 'channel'] as const) writeNames(writer, inOrder, name);
  for (const name of ['heldUntil', 'leasedUntil'] as const) writeDurations(writer, all, name);
  if (goals.length > 0) writeGoals(writer, goals);
}

/** Reads contacts and goals, in no order. Throws {@link CorruptDocument}. */
export function readContacts(reader: ByteReader): RememberedContacts {
  const offers = readTexts(reader);
  const counts = reader.codes(offers.length);
  const refs = readRefs(reader, counts);
  const masks = reader.codes(refs.length);
  const events = Array.from(masks, eventsIn);
  const length = events.reduce((sum, of) => sum + of.length, 0);
  const times = reader.numbers(length);
  const placements = readNames(reader, events, length);
  const channels = readNames(reader, events, length);
  const held = readDurations(reader, events, length);
  const leased = readDurations(reader, events, length);
  const contacts: Contact[] = [];
  let item = 0;
  for (let number = 0; number < offers.length; number++)
    for (let left = counts[number] ?? 0; left > 0; left--, item++)
      for (const event of events[item] ?? []) {
        const row = contacts.length;
        const head = { event, offer: offers[number] ?? '', at: times[row] ?? NaN, ref: refs[item] ?? NaN };
        contacts.push(contactOf(head, [placements[row], channels[row]], [held[row], leased[row]]));
      }
  return { contacts, goals: reader.left > 0 ? readGoals(reader) : [] };
}

/** What is not there has no member of its own. */
function contactOf(
  { event, offer, at, ref }: Pick<Contact, 'event' | 'offer' | 'at' | 'ref'>,
  [placement, channel]: readonly (string | undefined)[],
  [heldFor, leasedFor]: readonly (number | undefined)[],
): Contact {
  const contact: { -readonly [name in keyof Contact]: Contact[name] } = { event, offer, at, ref };
  if (placement !== undefined) contact.placement = placement;
  if (channel !== undefined) contact.channel = channel;
  if (heldFor !== undefined) contact.heldUntil = at + heldFor;
  if (leasedFor !== undefined) contact.leasedUntil = at + leasedFor;
  return contact;
}

/** How many offers there are, without a look at anything else. */
export function countOffers(reader: ByteReader): number {
  return reader.count();
}

/** Items by offer: what began at about the same time is side by side, so that the way from one to the next is short. */
function offersOf(contacts: readonly Contact[]): readonly (readonly [string, readonly Item[]])[] {
  const offers = [...Map.groupBy(contacts, ({ offer }) => offer)].map(([offer, of]) => {
    const byRef = Map.groupBy(of, ({ ref }) => ref).values();
    return [offer, Array.from(byRef, itemOf).sort((a, b) => a.at - b.at || a.ref - b.ref)] as const;
  });
  const begin = (items: readonly Item[]) => items[0]?.at ?? NaN;
  return offers.sort(([a, ofA], [b, ofB]) => begin(ofA) - begin(ofB) || (a < b ? -1 : 1));
}

function itemOf(contacts: readonly Contact[]): Item {
  const inOrder = contacts.length > 1 ? contacts.toSorted((a, b) => NUMBERS[a.event] - NUMBERS[b.event]) : contacts;
  const { ref, at } = inOrder[0] as Contact;
  return { ref, at, contacts: inOrder };
}

const NUMBERS = Object.fromEntries(EVENTS.map((event, at) => [event, at])) as Record<ContactEvent, number>;

function maskOf({ contacts }: Item): number {
  return contacts.reduce((mask, { event }) => mask | (1 << NUMBERS[event]), 0);
}

/** By the mask of an item; empty for one that is none. */
const BY_MASK = Array.from({ length: 2 ** EVENTS.length }, (_, mask) =>
  EVENTS.filter((_event, at) => Math.floor(mask / 2 ** at) % 2 === 1),
);

function eventsIn(mask: number): readonly ContactEvent[] {
  const events = BY_MASK[mask];
  if (!events || events.length === 0) throw new CorruptDocument('it tells of a contact of no kind');
  return events;
}

/** Of each item that of its first contact, and of each other 0 where it is the same: mostly that is so of all. */
function writeNames(writer: ByteWriter, items: readonly Item[], name: 'placement' | 'channel'): void {
  const numbers = new Map<string, number>();
  const numberOf = ({ [name]: text }: Contact) => {
    if (text === undefined) return 0;
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
  const [firsts, others]: [number[], number[]] = [[], []];
  for (const { contacts } of items) {
    const numbered = contacts.map(numberOf);
    const first = numbered[0] ?? 0;
    firsts.push(first);
    for (let at = 1; at < numbered.length; at++) others.push(numbered[at] === first ? 0 : (numbered[at] ?? 0) + 1);
  }
  writeTexts(writer, [...numbers.keys()]);
  writer.codes(firsts);
  writer.codes(others);
}

/** Of each contact. */
function readNames(
  reader: ByteReader,
  events: readonly (readonly ContactEvent[])[],
  length: number,
): readonly (string | undefined)[] {
  const texts = readTexts(reader);
  const [firsts, others] = [reader.codes(events.length), reader.codes(length - events.length)];
  const names: (string | undefined)[] = [];
  let next = 0;
  for (let item = 0; item < events.length; item++) {
    const first = firsts[item] ?? 0;
    names.push(nameAt(texts, first));
    for (let left = (events[item]?.length ?? 0) - 1; left > 0; left--) {
      const other = others[next++] ?? 0;
      names.push(nameAt(texts, other === 0 ? first : other - 1));
    }
  }
  return names;
}

/** From 1 on; 0 is none. */
function nameAt(texts: readonly string[], number: number): string | undefined {
  if (number > texts.length) throw new CorruptDocument('it tells of a contact at no place');
  return texts[number - 1];
}

/** Those that are decided first: of nothing else there is a duration, so that the others take no byte each. */
function writeDurations(writer: ByteWriter, all: readonly Contact[], name: 'heldUntil' | 'leasedUntil'): void {
  const ofEach = all.map((one) => (one[name] === undefined ? undefined : one[name] - one.at));
  const durations = [...new Set(ofEach.filter((duration) => duration !== undefined))];
  writer.varint(durations.length);
  if (durations.length === 0) return;
  writer.numbers(durations);
  for (const isDecided of [true, false])
    writer.codes(
      ofEach
        .filter((_one, at) => (all[at]?.event === 'decided') === isDecided)
        .map((duration) => (duration === undefined ? 0 : durations.indexOf(duration) + 1)),
    );
}

/** Of each contact; none at all where there are none. */
function readDurations(
  reader: ByteReader,
  events: readonly (readonly ContactEvent[])[],
  length: number,
): readonly (number | undefined)[] {
  const count = reader.count();
  if (count === 0) return NONE;
  const durations = reader.numbers(count);
  const decided = events.filter(([event]) => event === 'decided').length;
  const [ofDecided, ofOthers] = [reader.codes(decided), reader.codes(length - decided)];
  const all: (number | undefined)[] = [];
  let [first, other] = [0, 0];
  for (const of of events)
    for (const event of of)
      all.push(durations[((event === 'decided' ? ofDecided[first++] : ofOthers[other++]) ?? 0) - 1]);
  return all;
}

const NONE: readonly undefined[] = [];

function writeGoals(writer: ByteWriter, goals: readonly RememberedGoal[]): void {
  const byEvent = [...Map.groupBy(goals, ({ event }) => event)];
  writeTexts(
    writer,
    byEvent.map(([event]) => event),
  );
  writer.codes(byEvent.map(([, of]) => of.length));
  const all = byEvent.flatMap(([, of]) => of);
  for (const { ref } of all) writer.fixed(ref, REF_BYTES);
  writer.numbers(all.map(({ at }) => at));
}

function readGoals(reader: ByteReader): readonly RememberedGoal[] {
  const events = readTexts(reader);
  const counts = reader.codes(events.length);
  const refs = readRefs(reader, counts);
  const times = reader.numbers(refs.length);
  const names = events.flatMap((event, at) => new Array<string>(counts[at] ?? 0).fill(event));
  return names.map((event, at) => ({ event, ref: refs[at] ?? NaN, at: times[at] ?? NaN }));
}

/** So many refs as are counted. */
function readRefs(reader: ByteReader, counts: ArrayLike<number>): readonly number[] {
  let length = 0;
  for (let at = 0; at < counts.length; at++) length += counts[at] ?? 0;
  if (length * REF_BYTES > reader.left) throw new CorruptDocument('it ends too early');
  return Array.from({ length }, () => reader.fixed(REF_BYTES));
}
