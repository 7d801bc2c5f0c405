import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openRows, type RowFormat } from './open-rows.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'usher-rows-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function save(name: string, content: string | Buffer): string {
  const file = join(dir, name);
  writeFileSync(file, content);
  return file;
}

/** Each row as an object of its cells, or the reason why it is none. */
async function read(name: string, content: string | Buffer, options: { format?: RowFormat; delimiter?: string } = {}) {
  const { columns, rows } = await openRows(save(name, content), options);
  const found: unknown[] = [];
  for await (const row of rows)
    found.push(isRow(row) ? Object.fromEntries(columns.map((column) => [column, row.cell(column)])) : row.reason);
  return found;
}

function isRow(row: Row | RefusedRow): row is Row {
  return !('reason' in row);
}

describe('a CSV', () => {
  test.each([',', ';', '\t', '|'])('is read whether its delimiter is %j', async (delimiter) => {
    const content = ['name,age', 'Ann,7'].join('\n').replaceAll(',', delimiter);
    expect(await read('a.csv', content)).toEqual([{ name: 'Ann', age: '7' }]);
  });

  test('may have a byte order mark, CRLF, quoted delimiters and line breaks, and empty lines', async () => {
    const content = '\uFEFF"name";"said"\r\n"Ann";"a;b ""c""\nd"\r\n\r\n"Bo";""\r\n';
    expect(await read('b.csv', content)).toEqual([
      { name: 'Ann', said: 'a;b "c"\nd' },
      { name: 'Bo', said: '' },
    ]);
  });

  test('may mix line endings and have a quote within a cell', async () => {
    expect(await read('c.csv', 'size,n\r\n5" pipe,1\n7" pipe,2\r\n')).toEqual([
      { size: '5" pipe', n: '1' },
      { size: '7" pipe', n: '2' },
    ]);
  });

  test('is not fooled by delimiters inside the quotes of its header', async () => {
    expect(await read('d.csv', '"a,b,c";d\n1;2\n')).toEqual([{ 'a,b,c': '1', d: '2' }]);
  });

  test('takes a short row, refuses one with too many cells, and goes on', async () => {
    expect(await read('e.csv', 'a,b\n1\n1,2,3\n1,2\n')).toEqual([
      { a: '1', b: undefined },
      'has more cells than the header, which has 2; quote cells that hold a delimiter',
      { a: '1', b: '2' },
    ]);
  });

  test('takes no blanks beside quotes, and no quotes, for a part of a cell', async () => {
    const text = '"a" , b\n"1" ,"2"\t\n "3",  "say ""x"""\n5" ,"6"x\n"""7""", 8 \n';
    expect(await read('q.csv', text)).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: 'say "x"' },
      { a: '5" ', b: '"6"x' },
      { a: '"7"', b: ' 8 ' },
    ]);
  });

  test('refuses a row whose cells are put out of step by a quote behind a blank', async () => {
    expect(await read('r.csv', 'a,b,c\n1, "x, y"\n1,2,3\n')).toEqual([
      'has a blank before a quote; begin the quote right behind the delimiter',
      { a: '1', b: '2', c: '3' },
    ]);
  });

  test('names the line of a quote that is never closed', async () => {
    await expect(read('f.csv', 'a,b\n1,2\n"3,4\n5,6\n')).rejects.toThrow(
      'from line 3 on: a quote is opened and not closed',
    );
  });

  test('must not have two columns of one name', async () => {
    await expect(read('g.csv', 'a,b,a\n1,2,3\n')).rejects.toThrow('Two columns have the same name: a.');
  });

  test('may be gzipped', async () => {
    expect(await read('h.csv.gz', gzipSync('a,b\n1,2\n'))).toEqual([{ a: '1', b: '2' }]);
  });

  test('says so where the gzip is cut off', async () => {
    await expect(read('i.csv.gz', gzipSync('a,b\n1,2\n').subarray(0, 20))).rejects.toThrow("can't be read");
  });

  test('larger than what is looked at beforehand is read to its end', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index},"x, y"`);
    const rows = await read('j.csv', ['n,text', ...lines].join('\n'));
    expect(rows).toHaveLength(20_000);
    expect(rows.at(-1)).toEqual({ n: '19999', text: 'x, y' });
  });

  test('gives equal rows the same identity, however they are quoted', async () => {
    const { rows } = await openRows(save('k.csv', 'a,b\n1,2\n"1","2"\n1,3\n'));
    const identities: string[] = [];
    for await (const row of rows) if (isRow(row)) identities.push(row.identity);
    expect(identities[0]).toBe(identities[1]);
    expect(identities[0]).not.toBe(identities[2]);
  });
});

describe('NDJSON', () => {
  test('is read line by line, with paths into its objects', async () => {
    const content = '\uFEFF{"user":{"id":7},"a.b":1}\r\n\n{"user":{"id":"x"},"a.b":2}';
    expect(await read('a.ndjson', content)).toEqual([
      { 'user.id': 7, 'a.b': 1 },
      { 'user.id': 'x', 'a.b': 2 },
    ]);
  });

  test('is recognised by its first character where the name does not say', async () => {
    expect(await read('rows.txt', '{"a":1}\n')).toEqual([{ a: 1 }]);
  });

  test('refuses a line that is not an object, and goes on', async () => {
    expect(await read('b.ndjson', '{"a":1}\n{"a":\n[2]\n{"a":3}\n')).toEqual([
      { a: 1 },
      'is not a JSON object',
      'is not a JSON object',
      { a: 3 },
    ]);
  });

  test('keeps characters whole that fall on the edge of a chunk', async () => {
    const text = 'é'.repeat(50_000);
    const rows = await read('c.ndjson', `{"a":"x${text}"}\n{"a":"${text}"}\n`);
    expect(rows).toHaveLength(2);
    expect(rows).toEqual([{ a: `x${text}` }, { a: text }]);
  });

  test('that is a JSON array says how to turn it into lines', async () => {
    await expect(read('d.json', '[{"a":1}]')).rejects.toThrow("jq -c '.[]'");
  });
});

describe('a file that is not there', () => {
  test('is said to be missing, empty or a folder', async () => {
    await expect(openRows(join(dir, 'none.csv'))).rejects.toThrow('There is no file');
    await expect(openRows(dir)).rejects.toThrow('is a folder');
    await expect(openRows(save('empty.csv', '\n'))).rejects.toThrow('is empty');
  });
});
