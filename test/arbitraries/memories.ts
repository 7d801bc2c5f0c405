/** Memories of every shape, far beyond what events can make of one: what is stored must come back whatever it is. */
import fc from 'fast-check';
import { contactEvents, type Contact } from '../../src/engine/visitor/contacts.js';
import { browserMessageId } from '../../src/engine/visitor/message-source.js';
import { withContacts, type RememberedContacts } from '../../src/visitors/contacts/remembered-contacts.js';
import { forgottenOf } from '../../src/visitors/memory/forgotten.js';
import type { LetGo } from '../../src/visitors/memory/browser-share.js';
import type { Json } from '../../src/engine/language/json.js';
import type { Memory, RememberedConsent, RememberedInteraction } from '../../src/visitors/memory/memory.js';
import type { RememberedTrait } from '../../src/visitors/memory/trait-words.js';
import { codePoint } from './code-point.ts';

/** Ids and names: odd ones, ones that begin alike, UUIDs and what only looks like one. */
export const name: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'toString',
    '7',
    'a',
    'Page Viewed',
    'Page Left',
    'Größe',
    '🐈 cat',
    '🐕 dog',
    '\ud83d half',
  ),
  fc.string({ unit: codePoint, maxLength: 8 }),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.tuple(fc.constantFrom('ajs-next-1712345678901-', 'x', '🐈'), fc.uuid()).map((parts) => parts.join('')),
);

/** Milliseconds and microseconds: sensible ones, and any other number. */
const number: fc.Arbitrary<number> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1_780_000_000_000, max: 1_790_000_000_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.double({ noNaN: true }) },
);
/** Of one kind mostly, as it is the kind that says how a list is written. */
const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.constant(fc.integer({ min: 1_780_000_000_000, max: 1_790_000_000_000 })) },
  { weight: 1, arbitrary: fc.constant(number) },
);

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.integer({ min: 0, max: 99_999 }).map((cents) => cents / 100),
  fc.integer({ min: 1, max: 400 }).map((page) => `https://shop.example/page/${page}`),
  name,
  fc.jsonValue({ maxDepth: 2 }).map((any) => JSON.parse(JSON.stringify(any)) as Json),
);

function record<T>(of: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<Record<string, T>> {
  // Defines even `__proto__` as a property of its own.
  return fc.array(fc.tuple(name, of), { maxLength }).map((entries) => Object.fromEntries(entries));
}

function interactions(time: fc.Arbitrary<number>): fc.Arbitrary<RememberedInteraction[]> {
  const one = fc.record({
    event: name,
    timestamp: time,
    channel: fc.oneof(fc.constantFrom('web', 'app'), name),
    properties: record(value, 4),
    messageId: fc.oneof(name, name.map(browserMessageId)),
    arrival: fc.oneof(time, fc.maxSafeNat()),
  });
  const soon = one.map((said) => ({ ...said, arrival: said.timestamp * 1_000 + 80_000 }));
  const several = fc.oneof(fc.array(one, { maxLength: 30 }), fc.array(soon, { maxLength: 30 }));
  return several.map((list) => list.toSorted((a, b) => a.timestamp - b.timestamp));
}

function letGo(time: fc.Arbitrary<number>): fc.Arbitrary<LetGo> {
  return fc.record({
    evicted: record(fc.record({ counts: record(fc.nat(), 3), first: time, last: time }), 3),
    forgotten: fc.array(fc.tuple(fc.maxSafeNat(), time), { maxLength: 5 }).map(forgottenOf),
  });
}

function words(time: fc.Arbitrary<number>): fc.Arbitrary<Record<string, RememberedTrait>> {
  return record(fc.record({ value: fc.oneof(value, fc.constant(null)), at: time, arrival: time, source: name }), 6);
}

const instant = fc.integer({ min: 1_780_000_000_000, max: 1_790_000_000_000 });
const ref = fc.oneof(fc.nat({ max: 5 }), fc.integer({ min: 0, max: 2 ** 48 - 1 }));

/** Contacts of every shape; their times are whole numbers, and often of one item. */
export const contact: fc.Arbitrary<Contact> = fc
  .record({
    offer: fc.oneof(fc.constantFrom('a', 'b'), name),
    event: fc.constantFrom(...contactEvents),
    at: instant,
    ref,
    placement: fc.option(name, { nil: undefined }),
    channel: fc.option(fc.constantFrom('web', 'app'), { nil: undefined }),
    held: fc.option(fc.constantFrom(0, 60_000, 1_800_000), { nil: undefined }),
    leased: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ placement, channel, held, leased, ...one }) => ({
    ...one,
    ...(placement !== undefined && { placement }),
    ...(channel !== undefined && { channel }),
    ...(held !== undefined && { heldUntil: one.at + held }),
    ...(leased !== undefined && { leasedUntil: one.at + leased }),
  }));

/** What is remembered of any contacts and goals. */
export const contacts: fc.Arbitrary<RememberedContacts | undefined> = fc
  .record({
    contacts: fc.array(contact, { maxLength: 30 }),
    goals: fc.array(fc.record({ event: name, at: instant, ref }), { maxLength: 5 }),
  })
  .map((all) => withContacts(undefined, all));

/** Anything a memory may be. */
export const memory: fc.Arbitrary<Memory> = numbers.chain((time) =>
  fc.tuple(letGo(time), memoryBut(time)).map(([ofServers, others]) => ({ ...others, ...ofServers })),
);

function memoryBut(time: fc.Arbitrary<number>): fc.Arbitrary<Omit<Memory, keyof LetGo>> {
  return fc.record({
    id: name,
    userIds: fc.array(name, { maxLength: 3 }),
    anonymousIds: fc.array(name, { maxLength: 3 }),
    traits: words(time),
    outranked: fc.option(words(time), { nil: undefined }),
    consents: record<RememberedConsent>(
      fc.record({ granted: fc.boolean(), until: fc.option(time, { nil: undefined }), at: time, arrival: time }),
      4,
    ),
    interactions: interactions(time),
    joins: fc.option(
      fc.array(
        fc.oneof(
          fc.record({ id: name, at: time }),
          fc.record({ id: name, at: time, by: fc.constantFrom('browser' as const, 'server' as const) }),
        ),
        { maxLength: 3 },
      ),
      { nil: undefined },
    ),
    parted: fc.option(fc.array(fc.record({ id: name, from: name, at: time }), { maxLength: 3 }), { nil: undefined }),
    parting: fc.option(fc.record({ id: name, at: time }), { nil: undefined }),
    browsers: fc.option(letGo(time), { nil: undefined }),
    contacts,
    joining: fc.option(name, { nil: undefined }),
    origin: fc.option(fc.record({ id: name, at: time, known: fc.boolean() }), { nil: undefined }),
  });
}
