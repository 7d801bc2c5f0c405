import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { testRules, type TestOptions } from './test-rules.js';
import { until } from '../../../test/until.js';

const SOUND = {
  'placements/home.json': '{ "name": "Home", "fallback": "welcome" }',
  'offers/welcome.json': '{ "name": "Welcome", "treatments": { "*": { "content": { "title": "Hello" } } } }',
  'offers/winter.json':
    '{ "name": "Winter", "treatments": { "*": { "content": {} } }, "schedule": { "until": "2027-03-01" } }',
  'proactive/winter.json':
    '{ "name": "Winter", "placements": ["home"], "event": { "type": "offer", "params": { "offer": "winter" } },\n' +
    '  "conditions": { "all": [\n    { "fact": "profile", "path": "$.city", "operator": "equal", "value": ' +
    '"Ghent" } ] } }',
  'cases/winter.json':
    '{ "name": "In Ghent it is winter", "visitor": { "traits": { "city": "Ghent" } }, "request": { "placements": ' +
    '["home"] }, "now": "2026-11-20T09:00:00Z", "expect": { "home": ["winter"] } }',
};

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'usher-rules-'));
  dir = join(root, 'rules');
  save(SOUND);
});
afterEach(() => rmSync(root, { recursive: true }));

function save(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
}

async function run(options: TestOptions = {}): Promise<{ code: number; printed: string }> {
  const printed: string[] = [];
  const code = await testRules(dir, options, (text) => printed.push(stripVTControlCharacters(text)));
  return { code, printed: printed.join('\n') };
}

describe('usher test', () => {
  test('says in words which conditions no case exercises, and where they stand', async () => {
    expect(await run()).toEqual({
      code: 0,
      printed: `✓ In Ghent it is winter

Coverage 66.6 %: 1 of 1 live rule won in a case; 1 of the 2 outcomes of 1 condition were seen.
No case shows:
  rules/proactive/winter.json:3:5 profile.city is "Ghent": never false

✓ 1 case passed.`,
    });
  });

  test('fails below the coverage that is asked for, not at it', async () => {
    const { code, printed } = await run({ minCoverage: '67' });
    expect([code, printed]).toEqual([
      1,
      expect.stringContaining('✗ Coverage is 66.6 %, and --min-coverage asks for 67 %.'),
    ]);
    expect((await run({ minCoverage: '66.6%' })).code).toBe(0);
    save({
      'cases/elsewhere.json':
        '{ "name": "Elsewhere", "request": { "placements": ["home"] }, "now": "2026-11-20", "expect": { "home": ' +
        '["welcome"] } }',
    });
    expect((await run({ minCoverage: '100' })).code).toBe(0);
  });

  test('runs the cases as if it were another time', async () => {
    const { code, printed } = await run({ at: '2027-03-01' });
    expect(code).toBe(1);
    expect(printed).toContain('home: winter holds, but winter is stopped: SCHEDULED');
    expect(printed).toContain('✗ 1 of 1 case failed as if it were 2027-03-01T00:00:00.000Z.');
    expect((await run({ at: '2027-02-28T23:59:59Z', moveHistory: true })).code).toBe(0);
  });

  test('prints all of it for programs', async () => {
    expect(JSON.parse((await run({ json: true, minCoverage: '90' })).printed)).toEqual({
      ok: false,
      cases: [
        { id: 'winter', name: 'In Ghent it is winter', ok: true, differences: [], file: 'rules/cases/winter.json' },
      ],
      coverage: {
        ...{ won: ['winter'], matched: [], untouched: [], conditions: 1, outcomesSeen: 1, minCoverage: 90 },
        percent: expect.closeTo(66.67, 1),
        unexercised: [
          {
            file: 'rules/proactive/winter.json',
            line: 3,
            column: 5,
            in: 'rules winter',
            condition: 'profile.city is "Ghent"',
            never: [false],
          },
        ],
      },
    });
  });

  test('writes JUnit XML, of broken files too', async () => {
    const junit = join(root, 'results.xml');
    await run({ junit });
    expect(readFileSync(junit, 'utf8')).toMatch(
      /<testcase name="In Ghent it is winter" classname="cases.winter" file="[^"]*rules\/cases\/winter.json"\/>/,
    );
    save({ 'offers/welcome.json': '{' });
    expect((await run({ junit })).code).toBe(1);
    expect(readFileSync(junit, 'utf8')).toContain('<failure message="this { is never closed');
  });

  test.each<[TestOptions, string]>([
    [{ at: '2026-02-30' }, '--at "2026-02-30" is not a time'],
    [{ minCoverage: '101' }, '--min-coverage "101" is not a percentage'],
    [{ minCoverage: 'all' }, '--min-coverage "all" is not a percentage'],
    [{ moveHistory: true }, '--move-history goes with --at'],
    [{ junit: '/no/such/folder/x.xml' }, "can't be written to /no/such/folder/x.xml (ENOENT)"],
  ])('refuses %p', async (options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });
});

describe('usher test --watch', () => {
  test('runs now and after every save, says when, and ends when it is stopped', async () => {
    const stop = new AbortController();
    const printed: string[] = [];
    const ended = testRules(dir, { watch: true, stop: stop.signal }, (text) =>
      printed.push(stripVTControlCharacters(text)),
    );
    const printedSoon = async (text: RegExp) => {
      await until(`${text} to be printed`, () => text.test(printed.join('\n')));
      printed.length = 0;
    };
    await printedSoon(/^\d\d:\d\d:\d\d {2}\S*rules\n[^]*✓ 1 case passed[^]*Ctrl-C/);
    save({ 'proactive/winter.json': SOUND['proactive/winter.json'].replace('Ghent', 'Bruges') });
    await printedSoon(/✗ 1 of 1 case failed/);
    save({ 'proactive/winter.json': '{' });
    await printedSoon(/✗ 1 problem/);
    save(SOUND);
    await printedSoon(/✓ 1 case passed/);
    stop.abort();
    expect(await ended).toBe(0);
  });
});
