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
interface Item extends Pick<Contact, 'offer' | 'ref' | 'at'> {
  readonly contacts: readonly Contact[];
}

/** Appends contacts and goals. */
export function writeContacts(writer: ByteWriter, { contacts, goals }: RememberedContacts): void {
  const items = itemsOf(contacts);
  const offers = [...Map.groupBy(items, ({ offer }) => offer)];
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
  writePlaces(writer, inOrder);
  for (const name of ['heldUntil', 'leasedUntil'] as const) writeDurations(writer, all, name);
  writeGoals(writer, goals);
}

/** Reads contacts and goals, in no order. Throws {@link CorruptDocument}. */
export function readContacts(reader: ByteReader): RememberedContacts {
  const offers = readTexts(reader);
  const items = readRefs(reader, offers).map(([offer, ref]) => ({ offer, ref }));
  const events = Array.from(reader.codes(items.length)).map(eventsIn);
  const heads = items.flatMap((item, at) => (events[at] ?? []).map((event) => ({ event, ...item })));
  const times = reader.numbers(heads.length);
  const places = readPlaces(reader, events);
  const [held, leased] = [readDurations(reader, heads), readDurations(reader, heads)];
  const contacts = heads.map((head, at): Contact => {
    const [time, { placement, channel } = {}] = [times[at] ?? NaN, places[at]];
    const [heldFor, leasedFor] = [held[at], leased[at]];
    return {
      ...head,
      at: time,
      ...(placement !== undefined && { placement }),
      ...(channel !== undefined && { channel }),
      ...(heldFor !== undefined && { heldUntil: time + heldFor }),
      ...(leasedFor !== undefined && { leasedUntil: time + leasedFor }),
    };
  });
  return { contacts, goals: readGoals(reader) };
}

/** How many offers there are, without a look at anything else. */
export function countOffers(reader: ByteReader): number {
  return reader.count();
}

/** Those that began at about the same time side by side, so that the way from one to the next is short. */
function itemsOf(contacts: readonly Contact[]): readonly Item[] {
  const items = [...Map.groupBy(contacts, ({ offer, ref }) => `${ref} ${offer}`).values()].flatMap((of): Item[] => {
    const [first, ...others] = of.toSorted((a, b) => EVENTS.indexOf(a.event) - EVENTS.indexOf(b.event));
    return first ? [{ offer: first.offer, ref: first.ref, at: first.at, contacts: [first, ...others] }] : [];
  });
  return items.sort((a, b) => a.at - b.at || (a.offer < b.offer ? -1 : Number(a.offer > b.offer)) || a.ref - b.ref);
}

function maskOf({ contacts }: Item): number {
  return contacts.reduce((mask, { event }) => mask + 2 ** EVENTS.indexOf(event), 0);
}

function eventsIn(mask: number): readonly ContactEvent[] {
  const events = EVENTS.filter((_event, at) => Math.floor(mask / 2 ** at) % 2 === 1);
  if (events.length === 0 || mask >= 2 ** EVENTS.length) throw new CorruptDocument('it tells of a contact of no kind');
  return events;
}

type Place = Pick<Contact, 'placement' | 'channel'>;

/** Of each item that of its first contact, and of each other contact 0 where it is the same. */
function writePlaces(writer: ByteWriter, items: readonly Item[]): void {
  const numbers = new Map<string, number>();
  const places: Place[] = [];
  const numberOf = ({ placement, channel }: Place): number => {
    const key = JSON.stringify([placement, channel]);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, places.length);
    return places.push({ placement, channel } as Place) - 1;
  };
  const numbered = items.map(({ contacts }) => contacts.map(numberOf));
  const first = numbered.map(([number = 0]) => number);
  const others = numbered.flatMap(([number, ...rest]) => rest.map((other) => (other === number ? 0 : other + 1)));
  for (const name of ['placement', 'channel'] as const) {
    const texts = [...new Set(places.flatMap((place) => place[name] ?? []))];
    writeTexts(writer, texts);
    writer.varint(places.length);
    writer.codes(places.map((place) => (place[name] === undefined ? 0 : texts.indexOf(place[name]) + 1)));
  }
  writer.codes(first);
  writer.codes(others);
}

/** Of each contact. */
function readPlaces(reader: ByteReader, events: readonly (readonly ContactEvent[])[]): readonly Place[] {
  const length = events.flat().length;
  const [placements, channels] = [readColumn(reader, length), readColumn(reader, length)];
  const places = placements.map((placement, at): Place => {
    const channel = channels[at];
    return { ...(placement !== undefined && { placement }), ...(channel !== undefined && { channel }) };
  });
  const placeAt = (number: number): Place => {
    const place = places[number];
    if (!place) throw new CorruptDocument('it tells of a contact at no place');
    return place;
  };
  const first = Array.from(reader.codes(events.length));
  const others = Array.from(reader.codes(length - events.length));
  let at = 0;
  return events.flatMap((of, item) =>
    of.map((_event, place) => {
      const other = place === 0 ? 0 : (others[at++] ?? 0);
      return placeAt(other === 0 ? (first[item] ?? NaN) : other - 1);
    }),
  );
}

/** Of each place, of which there are `most` at most. */
function readColumn(reader: ByteReader, most: number): readonly (string | undefined)[] {
  const texts = readTexts(reader);
  const count = reader.varint();
  if (count > most) throw new CorruptDocument('it ends too early');
  return Array.from(reader.codes(count)).map((code) => (code === 0 ? undefined : texts[code - 1]));
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

function readDurations(reader: ByteReader, heads: readonly Pick<Contact, 'event'>[]): readonly (number | undefined)[] {
  const count = reader.count();
  if (count === 0) return [];
  const durations = reader.numbers(count);
  const decided = heads.filter(({ event }) => event === 'decided').length;
  const [ofDecided, ofOthers] = [Array.from(reader.codes(decided)), Array.from(reader.codes(heads.length - decided))];
  let [first, other] = [0, 0];
  return heads.map(({ event }) => durations[((event === 'decided' ? ofDecided[first++] : ofOthers[other++]) ?? 0) - 1]);
}

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
  const heads = readRefs(reader, readTexts(reader));
  const times = reader.numbers(heads.length);
  return heads.map(([event, ref], at) => ({ event, ref, at: times[at] ?? NaN }));
}

/** Refs, with the name that each is under: first it is said how many there are under each. */
function readRefs(reader: ByteReader, names: readonly string[]): readonly (readonly [name: string, ref: number])[] {
  const counts = Array.from(reader.codes(names.length));
  if (counts.reduce((sum, count) => sum + count, 0) * REF_BYTES > reader.left)
    throw new CorruptDocument('it ends too early');
  return names.flatMap((name, at) =>
    Array.from({ length: counts[at] ?? 0 }, () => [name, reader.fixed(REF_BYTES)] as const),
  );
}
