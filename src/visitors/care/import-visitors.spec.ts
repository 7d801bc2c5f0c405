import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MalformedBody } from '../../errors.js';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import { countersOf } from '../memory/counters.js';
import { emptyMemory, type Retention } from '../memory/memory.js';
import { VisitorsService } from '../visitors.service.js';
import { HistoryImporter } from './history-importer.js';
import { importVisitors } from './import-visitors.js';

const RETENTION: Retention = { keepInteractions: 500, keepDays: 90 };

let database: SqliteDatabase;
let visitors: VisitorsService;
let importer: HistoryImporter;

beforeEach(() => {
  database = SqliteDatabase.open(':memory:');
  const store = new SqliteVisitorStore(database);
  visitors = new VisitorsService(store, RETENTION);
  importer = new HistoryImporter(visitors, store, RETENTION);
});
afterEach(() => database.close());

const bytesOf = (...parts: (string | Uint8Array)[]) => Readable.from(parts.map((part) => Buffer.from(part)));
const lines = (...parts: (string | Uint8Array)[]) =>
  importVisitors({ bytes: bytesOf(...parts), format: 'ndjson' }, importer);
const csv = (...parts: (string | Uint8Array)[]) =>
  importVisitors({ bytes: bytesOf(...parts), format: 'csv' }, importer);
const traitsOf = async (id: string) =>
  Object.fromEntries(Object.entries((await visitors.find(id))?.traits ?? {}).map(([name, { value }]) => [name, value]));

describe('lines of people', () => {
  test('are stored where they are good, and told with their numbers where they are bad', async () => {
    const summary = await lines(
      '{"visitorId":"a","traits":{"plan":"gold"}}\r\n',
      '\n{"visitorId":"b"}\n{"visitorId":"c","traits":{}',
      '}\nnot JSON\n[]\n{"visitorId":"d","traits":{"plan":"tin"}}',
    );
    expect(summary).toMatchObject({ accepted: 3, refusedCount: 3 });
    expect(summary.refused.map(({ line, problems }) => [line, problems[0]?.path])).toEqual([
      [3, 'traits'],
      [5, ''],
      [6, ''],
    ]);
    expect([await traitsOf('a'), await traitsOf('d')]).toEqual([{ plan: 'gold' }, { plan: 'tin' }]);
  });

  test('of a whole life are read in turns of the event loop, and nothing of them is lost', async () => {
    const interactions = Array.from({ length: 5_000 }, (_one, at) => ({
      ...{ event: 'Seen', timestamp: Date.now() - at, messageId: `m-${at}`, properties: { text: 'x'.repeat(50), at } },
    }));
    const text = JSON.stringify({ visitorId: 'a', interactions });
    let [turns, isOver] = [0, false];
    const count = async (): Promise<void> => {
      for (; !isOver; turns++) await nextTurn();
    };
    const counting = count();
    expect(await lines(text)).toEqual({ accepted: 1, refusedCount: 0, refused: [] });
    isOver = true;
    await counting;
    const memory = await visitors.find('a');
    expect([memory?.interactions.length, countersOf(memory ?? emptyMemory('a'))['Seen']?.count]).toEqual([500, 5_000]);
    // A piece of 64 kB, 250 interactions, or 500 events in each.
    expect(turns).toBeGreaterThan(30);
  });

  test('may be none', async () => {
    expect(await lines()).toEqual({ accepted: 0, refusedCount: 0, refused: [] });
    expect(await lines('\n\r\n\n')).toEqual({ accepted: 0, refusedCount: 0, refused: [] });
  });

  test('may be cut anywhere on their way, in the middle of a character too', async () => {
    const bytes = Buffer.from(
      '{"visitorId":"ann","traits":{"city":"Liège 💐"}}\n{"visitorId":"bob","traits":{"n":1}}\n',
    );
    await lines(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect([await traitsOf('ann'), await traitsOf('bob')]).toEqual([{ city: 'Liège 💐' }, { n: 1 }]);
  });

  test('change nothing when they come a second time', async () => {
    const text =
      '{"visitorId":"a","timestamp":"2026-11-01T00:00:00Z","traits":{"plan":"gold"},' +
      '"interactions":[{"event":"Bought","timestamp":"2026-11-02T00:00:00Z"}]}\n';
    await lines(text, text);
    await lines(text);
    const found = await visitors.find('a');
    expect(found?.interactions).toMatchObject([{ event: 'Bought', timestamp: Date.UTC(2026, 10, 2) }]);
    expect(found?.traits['plan']).toMatchObject({ value: 'gold', at: Date.UTC(2026, 10, 1) });
    expect(found?.evicted).toEqual({});
  });

  test('are told of up to a thousand that were refused, and all are counted', async () => {
    const summary = await lines(...Array.from({ length: 1_001 }, () => '{"visitorId":""}\n'), GOOD);
    expect(summary).toMatchObject({ accepted: 1, refusedCount: 1_001 });
    expect(summary.refused).toHaveLength(1_000);
    expect(summary.refused.at(-1)?.line).toBe(1_000);
  });

  test('are stored in groups, all of them whatever their number', async () => {
    const people = Array.from({ length: 1_201 }, (_, n) => `{"visitorId":"p-${n}","traits":{"n":${n}}}\n`);
    expect(await lines(...people)).toMatchObject({ accepted: 1_201, refusedCount: 0 });
    expect([await traitsOf('p-0'), await traitsOf('p-500'), await traitsOf('p-1200')]).toEqual([
      { n: 0 },
      { n: 500 },
      { n: 1_200 },
    ]);
  });

  test('of more than the limit are passed over, and those after them are read', async () => {
    const long = `{"visitorId":"long","traits":{"text":"${'x'.repeat(8 * 1024 * 1024)}"}}\n`;
    const { accepted, refused } = await lines(long, GOOD);
    expect([accepted, refused]).toEqual([
      1,
      [{ line: 1, problems: [{ path: '', message: expect.stringContaining('longer than the limit') }] }],
    ]);
  });

  test('that poison objects are refused', async () => {
    const { refused } = await lines('{"visitorId":"a","traits":{"__proto__":{"admin":true}}}\n');
    expect(refused).toHaveLength(1);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

const GOOD = '{"visitorId":"good","traits":{"plan":"gold"}}\n';

describe('a table of people', () => {
  test('has a header, a byte order mark, quotes, and cells that say nothing', async () => {
    const summary = await csv(
      '\uFEFFvisitorId,city,note\r\na,Ghent,"one, two\r\nthree ""four"""\r\n\r\nb,,\r\nc,Liège',
    );
    expect(summary).toMatchObject({ accepted: 3, refusedCount: 0 });
    expect(await traitsOf('a')).toEqual({ city: 'Ghent', note: 'one, two\r\nthree "four"' });
    expect(await traitsOf('b')).toEqual({});
    expect(await traitsOf('c')).toEqual({ city: 'Liège' });
  });

  test('without a column of ids is refused as a whole, with the columns it has', async () => {
    await expect(csv('id,city\na,Ghent\nb,Bruges\n')).rejects.toThrow(
      'The table has no column visitorId, only "id", "city".',
    );
  });

  test('may have lines with too few and too many cells', async () => {
    const summary = await csv('visitorId,city,plan\na,Ghent\nb,Bruges,gold,,\nc,Liège,tin,more\n');
    expect(summary).toMatchObject({ accepted: 2, refusedCount: 1, refused: [{ line: 4 }] });
    expect([await traitsOf('a'), await traitsOf('b')]).toEqual([{ city: 'Ghent' }, { city: 'Bruges', plan: 'gold' }]);
  });

  test('that breaks off in a quote may have some lines stored, and may be sent again', async () => {
    const broken = csv('visitorId,city\na,Ghent\nb,"Bru');
    await expect(broken).rejects.toThrow(MalformedBody);
    await expect(broken).rejects.toThrow(/Of the lines up to 2, 1 are stored and 0 refused. Send all of it again/);
    expect(await csv('visitorId,city\na,Ghent\nb,"Bruges"')).toMatchObject({ accepted: 2 });
    expect([await traitsOf('a'), await traitsOf('b')]).toEqual([{ city: 'Ghent' }, { city: 'Bruges' }]);
  });

  test('that breaks off as the connection does is told as a body that can’t be read', async () => {
    async function* breaking() {
      yield Buffer.from('visitorId,city\na,Ghent\n');
      throw Object.assign(new RangeError('the line went dead'), { code: 'ECONNRESET' });
    }
    await expect(importVisitors({ bytes: Readable.from(breaking()), format: 'csv' }, importer)).rejects.toThrow(
      /the line went dead/,
    );
  });

  test('may be empty', async () => {
    expect(await csv('')).toEqual({ accepted: 0, refusedCount: 0, refused: [] });
    expect(await csv('visitorId,city\n')).toEqual({ accepted: 0, refusedCount: 0, refused: [] });
  });
});
