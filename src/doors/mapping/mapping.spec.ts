import { describe, expect, test } from '@jest/globals';
import { readMapping } from './mapping.js';

const EVENTS = {
  visitorId: 'user_id',
  timestamp: 'event_time',
  event: { column: 'event_type', names: { view: 'Product Viewed' } },
  properties: { category: 'category_code', price: { column: 'price', type: 'number' }, source: { value: 'shop' } },
  channel: { value: 'web' },
  messageId: 'id',
  delimiter: ';',
};

describe('a mapping of events', () => {
  test('is read in all its forms', () => {
    expect(readMapping(JSON.stringify(EVENTS), 'events', 'map.json')).toEqual({
      visitorId: { column: 'user_id' },
      timestamp: { column: 'event_time' },
      event: { column: 'event_type', names: { view: 'Product Viewed' } },
      fields: [
        ['category', { column: 'category_code' }],
        ['price', { column: 'price', type: 'number' }],
        ['source', { value: 'shop' }],
      ],
      channel: { value: 'web' },
      messageId: { column: 'id' },
      delimiter: ';',
    });
  });

  test('needs no properties', () => {
    expect(readMapping('{"visitorId":"a","timestamp":"b","event":"c"}', 'events', 'map.json').fields).toEqual([]);
  });

  test.each([
    ['{"visitorId":"a","timestamp":"b","event":"c","event":"d"}', 'event'],
    [
      '{"visitorId":"a","timestamp":"b","event":"c","properties":{"x":"d","y":{"column":"x"},"\\u0078":"e"}}',
      'properties.x',
    ],
    [
      '{"visitorId":"a","timestamp":"b","event":"c","properties":{"p":{"value":[{"}":1,"}":2}]}}}',
      'properties.p.value.0.}',
    ],
  ])('says no name twice, as one of the two would be lost: %s', (text, name) => {
    expect(() => readMapping(text, 'events', 'map.json')).toThrow(`"${name}" is given more than once`);
  });

  test('may say one name in several places', () => {
    const text = '{"visitorId":"a","timestamp":"a","event":"a: \\"a\\"","properties":{"event":"a","a":{"column":"a"}}}';
    expect(readMapping(text, 'events', 'map.json').fields).toHaveLength(2);
  });

  test('may begin with a byte order mark', () => {
    expect(readMapping(`\uFEFF${JSON.stringify(EVENTS)}`, 'events', 'map.json').delimiter).toBe(';');
  });
});

describe('a mapping of visitors', () => {
  test('has traits in place of event and properties', () => {
    const mapping = readMapping(
      '{"visitorId":"#row","traits":{"age":{"column":"age","type":"number"}}}',
      'visitors',
      'map.json',
    );
    expect(mapping).toEqual({ visitorId: { column: '#row' }, fields: [['age', { column: 'age', type: 'number' }]] });
  });
});

describe('a mapping that is wrong', () => {
  test.each([
    ['what is missing', {}, ['"visitorId" is missing', '"timestamp" is missing', '"event" is missing']],
    ['words it does not know', { ...EVENTS, traits: {} }, ['"traits" is not a word of this mapping']],
    ['an id that is the same for all', { ...EVENTS, visitorId: { value: 'x' } }, ['"visitorId" must be a column']],
    [
      'an unknown type',
      { ...EVENTS, properties: { p: { column: 'p', type: 'int' } } },
      ['"properties.p.type" must be one of string, number, boolean, date, list, json; got "int"'],
    ],
    ['an unknown word of a column', { ...EVENTS, event: { column: 'e', name: {} } }, ['"event" does not know "name"']],
    [
      'names that are not texts',
      { ...EVENTS, event: { column: 'e', names: { a: 1 } } },
      ['"event.names" must be an object of texts'],
    ],
    ['a column that is no name', { ...EVENTS, timestamp: 7 }, ['"timestamp" must be a column\'s name']],
    ['properties that are a list', { ...EVENTS, properties: ['a'] }, ['"properties" must be an object']],
    ['a long delimiter', { ...EVENTS, delimiter: '||' }, ['"delimiter" must be one character']],
  ])('is told %s', (_, mapping, problems) => {
    const read = () => readMapping(JSON.stringify(mapping), 'events', 'map.json');
    for (const problem of problems) expect(read).toThrow(problem);
  });

  test('is told that ids are known or not', () => {
    const mapping = '{"visitorId":"no","traits":{},"known":"yes"}';
    expect(() => readMapping(mapping, 'visitors', 'map.json')).toThrow(/"known" must be true or false.*got "yes"/);
  });

  test('is told that it is not JSON', () => {
    expect(() => readMapping('{ "visitorId": }', 'events', 'map.json')).toThrow(
      /map\.json is not JSON: Unexpected token '}'/,
    );
    expect(() => readMapping('[]', 'events', 'map.json')).toThrow('must be a JSON object');
  });
});
