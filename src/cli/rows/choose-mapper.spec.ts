import { describe, expect, test } from '@jest/globals';
import { chooseMapper, loadMapping } from './choose-mapper.js';
import { draftMapping } from './draft-mapping.js';
import { readMapping } from '../../doors/mapping/mapping.js';
import type { RowFile } from './open-rows.js';
import type { Row } from '../../doors/tables/row.js';

function file(format: RowFile['format'], columns: readonly string[], sample: RowFile['sample'] = []): RowFile {
  return { format, columns, sample, rows: (async function* () {})(), totalBytes: 0, bytesRead: () => 0 };
}

const rowOf = (object: NonNullable<Row['object']>): Row => ({
  number: 3,
  line: 4,
  identity: '',
  cell: (column) => object[column],
  object,
});
const id = () => 'hash-of-row';

describe('a file with our own words', () => {
  test('needs no mapping as CSV', () => {
    const map = chooseMapper(
      file('csv', ['visitorId', 'event', 'timestamp', 'properties.price', 'channel']),
      'events',
      undefined,
    );
    const row = rowOf({
      visitorId: 'v',
      event: 'Viewed',
      timestamp: '2019-10-01',
      'properties.price': '7',
      channel: 'app',
    });
    expect(map(row, id)).toMatchObject({
      visitorId: 'v',
      body: { event: 'Viewed', properties: { price: '7' }, context: { channel: 'app' }, messageId: 'hash-of-row' },
    });
  });

  test('needs no mapping as CSV of visitors', () => {
    const map = chooseMapper(file('csv', ['visitorId', 'traits.age']), 'visitors', undefined);
    expect(map(rowOf({ visitorId: 'v', 'traits.age': '7' }), id)).toMatchObject({
      body: { visitorId: 'v', traits: { age: '7' } },
    });
  });

  test('is sent as it is where its lines are events of the Segment API', () => {
    const map = chooseMapper(file('ndjson', ['type', 'userId', 'event']), 'events', undefined);
    const event = { type: 'track', userId: 'v', event: 'Viewed', integrations: { All: true } };
    expect(map(rowOf(event), id)).toEqual({
      number: 3,
      line: 4,
      leftOut: [],
      visitorId: 'v',
      body: { ...event, messageId: 'hash-of-row' },
    });
    expect(map(rowOf({ type: 'track', anonymousId: 'a', messageId: 'm' }), id)).toMatchObject({
      visitorId: 'a',
      body: { messageId: 'm' },
    });
    expect(map(rowOf({ type: 'track' }), id)).toEqual({
      number: 3,
      line: 4,
      reason: 'has neither userId nor anonymousId',
    });
    expect(map(rowOf({ userId: 'v' }), id)).toEqual({
      number: 3,
      line: 4,
      reason: 'has no type, such as track or identify',
    });
  });

  test('is sent as it is where its lines are visitors', () => {
    const map = chooseMapper(file('ndjson', ['visitorId', 'traits.age']), 'visitors', undefined);
    expect(map(rowOf({ visitorId: 7, traits: { age: 7 } }), id)).toMatchObject({ visitorId: '7' });
    expect(map(rowOf({ traits: {} }), id)).toEqual({ number: 3, line: 4, reason: 'has no visitorId' });
  });
});

describe('a CSV with more than our own words', () => {
  test('of people has a trait in every other column', () => {
    const map = chooseMapper(file('csv', ['visitorId', 'age', 'traits.job', '']), 'visitors', undefined);
    expect(map(rowOf({ visitorId: 'v', age: '41', 'traits.job': 'vet', '': 'x' }), id)).toMatchObject({
      body: { visitorId: 'v', traits: { age: '41', job: 'vet' } },
    });
  });

  test('of events asks for a mapping rather than leave a column out', () => {
    const choose = () => chooseMapper(file('csv', ['visitorId', 'event', 'timestamp', 'price']), 'events', undefined);
    expect(choose).toThrow(/its columns are not visitorId.*"price": "price"/s);
  });
});

describe('a file of JSON that is no NDJSON', () => {
  test('is told what NDJSON is, rather than asked for a mapping', () => {
    expect(() => chooseMapper(file('ndjson', []), 'visitors', undefined)).toThrow('NDJSON has one object a line');
  });
});

describe('a mapping that is not there', () => {
  test('is named, with the way to one', () => {
    expect(() => loadMapping('nowhere.json', 'events')).toThrow(/nowhere\.json.*Without --map a draft is printed/);
  });
});

describe('a file with words of its own', () => {
  const shop = file(
    'csv',
    ['event_time', 'event_type', 'product_id', 'price', 'geo.city', 'user_id'],
    [['2019-10-01', 'view', '44600062', '35.79', 'Ghent', '5']],
  );

  test('gets a draft of the mapping it needs', () => {
    const choose = () => chooseMapper(shop, 'events', undefined);
    expect(choose).toThrow('usher track FILE --map map.json');
    expect(choose).toThrow('"price": { "column": "price", "type": "number" }');
  });

  test('gets a draft that is a mapping, with the columns guessed by their names', () => {
    expect(JSON.parse(draftMapping('events', shop.columns, shop.sample))).toEqual({
      visitorId: 'user_id',
      timestamp: 'event_time',
      event: 'event_type',
      properties: { product_id: 'product_id', price: { column: 'price', type: 'number' }, geo_city: 'geo.city' },
    });
    expect(() => readMapping(draftMapping('events', shop.columns, shop.sample), 'events', 'draft')).not.toThrow();
  });

  test('is drafted as visitors too, and asks where no column is an id', () => {
    expect(JSON.parse(draftMapping('visitors', ['age', 'job'], [['56', 'housemaid']]))).toEqual({
      visitorId: 'THE COLUMN THAT SAYS WHO',
      traits: { age: { column: 'age', type: 'number' }, job: 'job' },
    });
  });

  test('is drafted with a name for each column, also where they are alike without their dots', () => {
    const draft = draftMapping('visitors', ['id', 'a.b', 'a_b', 'a..b'], [['1', 'x', 'y', 'z']]);
    expect(JSON.parse(draft)).toMatchObject({ traits: { a_b: 'a.b', a_b_2: 'a_b', a_b_3: 'a..b' } });
  });

  test.each(['version', 'SKU', 'Artikel', 'Serien-Nr.'])('is drafted with %s as a text: 1.10 is not 1.1', (column) => {
    const draft = draftMapping('visitors', ['id', column], [['1', '1.10']]);
    expect(Object.values((JSON.parse(draft) as { traits: object }).traits)).toEqual([column]);
  });

  test('is drafted by the number of the customer, as people call it', () => {
    expect(JSON.parse(draftMapping('visitors', ['customer_no', 'job'], [['17', 'vet']]))).toEqual({
      visitorId: 'customer_no',
      traits: { job: 'job' },
    });
  });

  test('says plainly what could not be guessed', () => {
    expect(draftMapping('events', ['a'], [['b']])).toContain('THE COLUMN THAT SAYS WHO');
  });

  test('is told of columns that the mapping asks for in vain', () => {
    const mapping = readMapping(
      '{"visitorId":"uid","timestamp":"event_time","event":"event_type"}',
      'events',
      'map.json',
    );
    expect(() => chooseMapper(shop, 'events', mapping)).toThrow(
      'The mapping asks for "uid", which the file does not have. Its columns are "event_time",',
    );
  });
});
