import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memory as anyMemory } from '../../../test/arbitraries/memories.js';
import { type EventColumns, type InteractionColumns, toColumns } from '../../engine/visitor/interaction-columns.js';
import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import type { Interaction } from '../../engine/visitor/interaction.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { StoredColumns, writeColumns } from './columns-codec.js';
import { JoinedColumns } from './joined-columns.js';

function bytesOf(columns: InteractionColumns): Buffer {
  const writer = new ByteWriter();
  writeColumns(writer, columns);
  return writer.finish();
}

function stored(columns: InteractionColumns): StoredColumns {
  return new StoredColumns(new ByteReader(bytesOf(columns)), () => columns.eventNames);
}

/** The same, of which nothing can be copied. */
function plain(columns: InteractionColumns): InteractionColumns {
  const { length, eventNames, channelNames, order } = columns;
  const event = (number: number): EventColumns => {
    const one = columns.event(number);
    return {
      ...{ length: one.length, channels: one.channels },
      timestamp: (position) => one.timestamp(position),
      countBefore: (instant, inclusive) => one.countBefore(instant, inclusive),
      messageId: (position) => one.messageId(position),
      property: (name) => one.property(name),
      properties: () => one.properties(),
    };
  };
  return { length, eventNames, channelNames, order, event };
}

/** More of what may be there already, and of what is of another kind. */
function moreOf(interactions: readonly Interaction[], picks: readonly (readonly [number, number])[]): Interaction[] {
  const some = interactions.length > 0 ? interactions : [NOTHING];
  return picks.map(([a, b]) => {
    const [one, other] = [some[a % some.length] ?? NOTHING, some[b % some.length] ?? NOTHING];
    const properties = b % 3 === 0 ? one.properties : { ...one.properties, ...other.properties };
    return { ...one, properties, messageId: b % 2 ? other.messageId : `${one.messageId}${b}` };
  });
}

const NOTHING: Interaction = { event: 'X', timestamp: 1, channel: 'web', properties: {}, messageId: 'm' };
/** Of properties that are nearly always of one kind, with few values. */
const alike = fc.array(
  fc.record({
    event: fc.constantFrom('X', 'Y'),
    timestamp: fc.nat(9),
    channel: fc.constantFrom('web', 'app'),
    messageId: fc.oneof(
      fc.uuid(),
      fc.nat(999).map((id) => `m-${id}`),
    ),
    properties: fc.record(
      {
        text: fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 'ab', 'b', 'ba', 'c', 'ä', '') }, fc.constant(1)),
        number: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(0, 1, 2, 9, 10, 10.25, -3) }, fc.constant('a')),
        always: fc.constant('same'),
      },
      { requiredKeys: [] },
    ),
  }),
  { maxLength: 20, size: 'max' },
);
const picks = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 20 });

describe('columns that lie in bytes and have more behind them', () => {
  test('are written to the same bytes as if nothing were copied', () => {
    fc.assert(
      fc.property(anyMemory, anyMemory, picks, ({ interactions }, { interactions: others }, picked) => {
        const before = toColumns(interactions);
        for (const later of [moreOf(interactions, picked), others, [...others, ...moreOf(interactions, picked)]]) {
          const grown = new JoinedColumns(stored(before), toColumns(later));
          expect(bytesOf(grown)).toEqual(bytesOf(new JoinedColumns(plain(stored(before)), toColumns(later))));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('are so where most values are there already, or come among others', () => {
    fc.assert(
      fc.property(alike, alike, (interactions, later) => {
        const before = toColumns(interactions);
        const grown = new JoinedColumns(stored(before), toColumns(later));
        expect(bytesOf(grown)).toEqual(bytesOf(new JoinedColumns(plain(stored(before)), toColumns(later))));
      }),
      { numRuns: 1_000 },
    );
  });

  const did = (messageId: string, properties: Interaction['properties']): Interaction => ({
    ...NOTHING,
    ...{ messageId, properties },
  });
  const UUID = '3d6a7c1e-9f1b-4a3e-8f0e-00000000000';
  const CASES: Readonly<Record<string, readonly [readonly Interaction[], readonly Interaction[]]>> = {
    'texts among others': [
      [did('a-1', { sku: 'b' }), did('a-2', { sku: 'd' })],
      [did('a-3', { sku: 'c' }), did('a-4', { sku: 'a' }), did('a-5', { sku: 'e' }), did('a-6', { sku: 'd' })],
    ],
    'numbers that sort otherwise as texts': [
      [did('1', { price: 9 }), did('2', { price: 10.5 })],
      [did('3', { price: 100 }), did('4', { price: -1 }), did('5', { price: 9 })],
    ],
    'numbers behind texts': [[did('1', { sku: 'a' })], [did('2', { sku: 1 })]],
    'negative zeros': [[did('1', { n: 0 })], [did('2', { n: -0 })]],
    'a property that is new': [[did('1', { a: 1 })], [did('2', { b: 1 })]],
    'no properties': [[did('1', { a: 1 })], [did('2', {})]],
    'UUIDs behind UUIDs': [[did(`${UUID}1`, {}), did(`${UUID}2`, {})], [did(`${UUID}3`, {})]],
    'UUIDs behind others': [[did('m-1', {})], [did(`m-${UUID}3`, {})]],
    'others behind UUIDs': [[did(`${UUID}1`, {})], [did('m-1', {})]],
    'what begins alike behind what does not': [[did('a', {})], [did('ab', {})]],
    'what begins like what came long before': [
      [did('abcdef', {}), did('abc', {}), did('abcd', {})],
      [did('abcdef', {}), did('abx', {})],
    ],
    'what is not ASCII': [[did('ä-1', {}), did('ä-2', {})], [did('ä-3', {})]],
    'what is half a character': [[did('a', {})], [did('a\ud83d', {})]],
  };
  test.each(Object.entries(CASES))('are so with %s', (_name, [before, later]) => {
    const grown = new JoinedColumns(stored(toColumns(before)), toColumns(later));
    expect(bytesOf(grown)).toEqual(bytesOf(toColumns([...before, ...later])));
    expect([...new InteractionLog(stored(grown))]).toEqual(
      [...before, ...later].map((one) => JSON.parse(JSON.stringify(one)) as Interaction),
    );
  });
});
