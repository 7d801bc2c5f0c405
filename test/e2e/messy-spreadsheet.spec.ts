import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type * as importing from '../../src/cli/import-visitors.js';
import { messySpreadsheet } from '../messy-spreadsheet.js';
import { importBuilt } from './built.js';
import { Service } from './service.js';

const { importVisitors } = await importBuilt<typeof importing>('./cli/import-visitors.js');

/** By hand with more: MESSY_ROWS=200000. */
const ROWS = Number(process.env['MESSY_ROWS'] ?? 600);

const service = new Service({ store: 'SQLite' });
let dir = '';
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'usher-messy-'));
  await service.start();
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await service.stop();
});

describe('a messy German spreadsheet', () => {
  test.each(['utf-8', 'windows-1252'] as const)(
    'in %s: every good cell arrives, every bad one is named',
    async (encoding) => {
      const sheet = messySpreadsheet(ROWS, encoding);
      const [file, map, problems] = ['people.csv', 'map.json', 'problems.ndjson'].map((name) => join(dir, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(file, sheet.bytes);
      writeFileSync(map, JSON.stringify(sheet.mapping));
      const printed: string[] = [];
      const options = { url: service.url, key: undefined, map, problems, json: true };
      await importVisitors(file, encoding === 'utf-8' ? options : { ...options, encoding }, (text) =>
        printed.push(text),
      );
      const { rows, accepted, refused, leftOut } = JSON.parse(printed.join('')) as Record<string, number>;
      expect({ rows, refused, leftOut }).toEqual({
        ...{ rows: sheet.rows, refused: sheet.badRows.length, leftOut: sheet.badCells.length },
      });
      expect(accepted).toBe(sheet.rows - sheet.badRows.length);
      expect(problemsIn(problems)).toEqual({ badRows: sheet.badRows, badCells: sheet.badCells });
      const every = Math.ceil(sheet.people.size / 2_000);
      for (const [id, traits] of [...sheet.people].filter((_, index) => index % every === 0)) {
        const { body } = await service.get(`/v1/visitors/${id}`);
        expect(body).toMatchObject({ visitorId: id, traits });
        expect(Object.keys((body as { traits: object }).traits).sort()).toEqual(Object.keys(traits).sort());
      }
    },
    600_000,
  );
});

function problemsIn(file: string) {
  const all = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { what: string; line: number; reason: string; value?: string });
  const refused = all.filter(({ what }) => what === 'refused');
  const leftOut = all.filter(({ what }) => what === 'leftOut');
  return {
    badRows: refused.map(({ line }) => line),
    badCells: leftOut.map(({ line, reason, value }) => ({ line, column: /"([^"]+)"/.exec(reason)?.[1], value })),
  };
}
