import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../engine/language/json.js';
import { eventMapper, visitorMapper } from './map-row.js';
import { readMapping, type RowKind } from './mapping.js';
import type { Row } from '../tables/row.js';

function row(cells: { readonly [column: string]: Json }, number = 1): Row {
  return { number, line: number + 1, identity: '', cell: (column) => cells[column] };
}

function map(kind: RowKind, mapping: Json, cells: { readonly [column: string]: Json }, number?: number) {
  const read = readMapping(JSON.stringify(mapping), kind, 'map.json');
  const mapRow = kind === 'events' ? eventMapper(read) : visitorMapper(read);
  return mapRow(row(cells, number), () => 'hash-of-row');
}

const EVENTS = {
  visitorId: 'user_id',
  timestamp: 'event_time',
  event: { column: 'event_type', names: { view: 'Product Viewed' } },
  properties: { category: 'category_code', price: { column: 'price', type: 'number' } },
  channel: { value: 'web' },
};
const VIEW = {
  user_id: '541',
  event_time: '2019-10-01 00:00:00 UTC',
  event_type: 'view',
  category_code: 'shoes',
  price: '35.79',
};

describe('a row of events', () => {
  test('becomes a track event of the Segment API', () => {
    expect(map('events', EVENTS, VIEW)).toEqual({
      number: 1,
      line: 2,
      leftOut: [],
      visitorId: '541',
      body: {
        type: 'track',
        userId: '541',
        event: 'Product Viewed',
        timestamp: '2019-10-01T00:00:00.000Z',
        messageId: 'hash-of-row',
        properties: { category: 'shoes', price: 35.79 },
        context: { channel: 'web' },
      },
    });
  });

  test('leaves out what is empty', () => {
    expect(map('events', EVENTS, { ...VIEW, category_code: '', price: '' })).toMatchObject({
      body: { properties: {} },
    });
  });

  test.each([
    [{ type: 'string', names: { a: 'active' } }, 'a', 'active'],
    [{ type: 'boolean', names: { j: 'ja', n: 'nein' } }, 'n', false],
    [{ type: 'number', decimal: ',', names: { 'k.A.': '0' } }, 'k.A.', 0],
    [{ type: 'number', decimal: ',', names: { 'k.A.': '0' } }, '1,5', 1.5],
    [{ type: 'list', separator: '|', names: { all: 'a|b' } }, 'all', ['a', 'b']],
  ])('takes a value by its name in %j, and then by its type', (how, cell, value) => {
    const mapping = { visitorId: 'id', traits: { trait: { column: 'cell', ...how } } };
    expect(map('visitors', mapping, { id: '1', cell })).toMatchObject({ body: { traits: { trait: value } } });
  });

  test('takes a consent by its name, too', () => {
    const consents = { news: { column: 'news', type: 'boolean', names: { j: 'ja' } } };
    expect(map('visitors', { visitorId: 'id', traits: {}, consents }, { id: '1', news: 'j' })).toMatchObject({
      body: { consents: { news: 'granted' } },
    });
  });

  test('keeps the name of an event that the mapping does not rename, even one of an object', () => {
    expect(map('events', EVENTS, { ...VIEW, event_type: 'toString' })).toMatchObject({ body: { event: 'toString' } });
  });

  test('has its own message id where the mapping names one', () => {
    expect(map('events', { ...EVENTS, messageId: 'id' }, { ...VIEW, id: 'm-7' })).toMatchObject({
      body: { messageId: 'm-7' },
    });
    expect(map('events', { ...EVENTS, messageId: 'id' }, VIEW)).toMatchObject({ body: { messageId: 'hash-of-row' } });
  });

  test('may have the number of the row for its visitor', () => {
    expect(map('events', { ...EVENTS, visitorId: '#row' }, VIEW, 12)).toMatchObject({ visitorId: '12' });
  });

  test('has a property called __proto__ like any other', () => {
    const mapping = JSON.parse('{"visitorId":"u","timestamp":"t","event":"e","properties":{"__proto__":"p"}}') as Json;
    const mapped = map('events', mapping, { u: '1', t: '2019-10-01', e: 'x', p: 'evil' });
    expect(JSON.stringify(mapped)).toContain('"properties":{"__proto__":"evil"}');
  });

  test.each([
    ['has no visitor', { user_id: '  ' }, '"user_id" is empty', undefined],
    ['has no event', { event_type: '' }, '"event_type" is empty', undefined],
    ['has no time', { event_time: '' }, '"event_time" is empty', undefined],
    [
      'has a time that could be two',
      { event_time: '01/02/2019' },
      '"event_time" is not a time that can be read for certain',
      '01/02/2019',
    ],
  ])('is refused when it %s', (_, cells, reason, example) => {
    expect(map('events', EVENTS, { ...VIEW, ...cells }, 9)).toEqual({
      column: reason.split('"')[1],
      number: 9,
      line: 10,
      reason,
      ...(example ? { example } : {}),
    });
  });
});

describe('the type of a column', () => {
  const typed = (type: string, cell: Json) =>
    map('visitors', { visitorId: '#row', traits: { t: { column: 'c', type } } }, { c: cell });

  test.each([
    ['number', ' -1.5e3 ', -1500],
    ['number', '0', 0],
    ['boolean', 'Yes', true],
    ['boolean', '0', false],
    ['json', '["a",{"b":1}]', ['a', { b: 1 }]],
    ['string', 42, '42'],
    ['number', 42, 42],
  ])('%s makes %j into %j', (type, cell, value) => {
    expect(typed(type, cell)).toMatchObject({ body: { traits: { t: value } } });
  });

  test.each([
    ['number', '0x10', '"c" is not a number'],
    ['number', 'Infinity', '"c" is not a number'],
    ['boolean', 'maybe', '"c" is not yes or no (true, yes, ja, wahr, 1, false, no, nein, falsch, 0)'],
    ['json', '{a}', '"c" is not JSON'],
  ])('%s leaves out and tells %j', (type, cell, reason) => {
    expect(typed(type, cell)).toMatchObject({ body: { traits: {} }, leftOut: [{ reason, example: cell }] });
  });

  test.each([
    ['number', '157963456373623801', '"c" is 157963456373623801, and a number keeps only 157963456373623800 of it'],
    ['number', '1e999', '"c" is a number that is too large'],
    ['json', '{"a":[157963456373623801]}', '"c" has at a.0 what is 157963456373623801'],
  ])('%s leaves out and tells %j, of which a number would lose some', (type, cell, reason) => {
    expect(typed(type, cell)).toMatchObject({
      body: { traits: {} },
      leftOut: [{ reason: expect.stringContaining(reason), example: cell }],
    });
  });

  test('is kept as the file has it when none is named', () => {
    expect(map('visitors', { visitorId: '#row', traits: { t: 'c' } }, { c: [1, 'a'] })).toMatchObject({
      body: { traits: { t: [1, 'a'] } },
    });
  });
});

describe('a row of visitors', () => {
  test.each([
    ['2026-07-01 10:00', '2026-07-01T08:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['2026-07-01 10:00Z', '2026-07-01T10:00:00.000Z'],
  ])('was true at %s by the clocks of the mapping, where it says no zone', (at, timestamp) => {
    const mapping = { visitorId: 'id', traits: {}, timestamp: 'at', timeZone: 'Europe/Berlin' };
    expect(map('visitors', mapping, { id: 'v', at })).toMatchObject({ body: { timestamp } });
  });

  test('becomes a visitor with traits, and a time only where the mapping names one', () => {
    expect(map('visitors', { visitorId: 'id', traits: { age: 'age' } }, { id: 'v', age: '7' })).toEqual({
      number: 1,
      line: 2,
      leftOut: [],
      visitorId: 'v',
      body: { visitorId: 'v', traits: { age: '7' } },
    });
    expect(
      map('visitors', { visitorId: 'id', traits: {}, timestamp: 't' }, { id: 'v', t: '1569888000' }),
    ).toMatchObject({
      body: { timestamp: '2019-10-01T00:00:00.000Z' },
    });
  });

  test.each([true, false])('is of the ids that the mapping says, known: %j', (known) => {
    expect(map('visitors', { visitorId: 'id', known, traits: {} }, { id: 'v' })).toMatchObject({ body: { known } });
  });

  test('is refused when its time is named and not there', () => {
    expect(map('visitors', { visitorId: 'id', traits: {}, timestamp: 't' }, { id: 'v' })).toEqual({
      number: 1,
      line: 2,
      column: 't',
      reason: '"t" is empty',
    });
  });
});
