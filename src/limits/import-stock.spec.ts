import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { shelf } from '../engine/limits/limits.contract.js';
import { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteLimitStore } from '../stores/sqlite/sqlite-limit-store.js';
import { importStock } from './import-stock.js';

const SERVING = new ServingRulebooks(shelf({ offers: { bike: { stock: {} }, sofa: { stock: {} }, plain: {} } }), {
  rulebook: shelf({ offers: { bike: {}, lamp: { stock: {} } } }),
  share: 10,
});

function importer(format: 'csv' | 'ndjson', serving = SERVING) {
  const database = SqliteDatabase.open(':memory:');
  const store = new SqliteLimitStore(database);
  return {
    tell: (...lines: readonly string[]) =>
      importStock({ bytes: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]), format }, serving, store),
    left: async (offer: string) =>
      (await store.left([{ offer, counters: [{ key: 'stock', limit: 'stock' }] }]))[0]?.[0]?.limit,
    [Symbol.asyncDispose]: async () => void (await database.close()),
  };
}

test('a table says how many are left, also of what only a canary release has; the last row stands', async () => {
  await using lines = importer('ndjson');
  const many = Array.from({ length: 1_200 }, (_one, at) => JSON.stringify({ offer: 'sofa', left: at }));
  const told = await lines.tell('{"offer":"bike","left":7}', ...many, '{"offer":"lamp","left":0}');
  expect(told).toEqual({ accepted: 1_202, refusedCount: 0, refused: [] });
  expect([await lines.left('bike'), await lines.left('sofa'), await lines.left('lamp')]).toEqual([7, 1_199, 0]);

  await using table = importer('csv');
  expect(await table.tell('left;offer', '12;bike', '3;sofa')).toMatchObject({ accepted: 2, refusedCount: 0 });
  expect([await table.left('bike'), await table.left('sofa')]).toEqual([12, 3]);
});

test('bad rows are told with all that is wrong with them, and good ones are taken', async () => {
  await using lines = importer('ndjson');
  const { refused, ...counts } = await lines.tell(
    '{"offer":"bik","left":1}',
    '{"offer":"plain","left":1}',
    '{"offer":"bike","left":1.5,"lefft":2}',
    '{"offer":7,"left":-1}',
    '{"offer":"__proto__","left":"1e10"}',
    '{"offer":',
    '{"offer":"bike","left":"4"}',
  );
  expect(counts).toEqual({ accepted: 1, refusedCount: 6 });
  const number = 'left must be a whole number from 0 to 1000000000';
  expect(refused.map(({ line, problems }) => [line, ...problems.map((one) => `${one.path} ${one.message}`)])).toEqual([
    [1, 'offer is no live offer: "bik"; did you mean "bike"?'],
    [2, 'offer is "plain", which has no stock; write "stock": {} into its file and publish it'],
    [3, 'lefft is not asked for; did you mean "left"?', number],
    [4, 'offer must name an offer by its id', number],
    [5, 'offer is no live offer: "__proto__"; known are bike, lamp, plain, sofa', number],
    [6, expect.any(String)],
  ]);
  expect(await lines.left('bike')).toBe(4);
});

test('what can be read no further says what is taken of it', async () => {
  await using table = importer('csv');
  await expect(table.tell('offer,lefft', 'bike,1')).rejects.toThrow(
    /^Nothing of it is stored: .*"lefft".* did you mean "left"/,
  );
  const rows = Array.from({ length: 700 }, () => 'bike,5');
  await expect(table.tell('offer,left', ...rows, '"bike,6')).rejects.toThrow(/Of the lines up to 501, 500 are taken/);
  expect(await table.left('bike')).toBe(5);
});
