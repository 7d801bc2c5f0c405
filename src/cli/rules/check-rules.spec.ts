import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkRules } from './check-rules.js';
import { testRules } from './test-rules.js';

const SOUND = {
  'placements/home.json': '{ "name": "Home", "fallback": "welcome" }',
  'offers/welcome.json': '{ "name": "Welcome", "treatments": { "*": { "content": { "title": "Hello" } } } }',
  'cases/stranger.json':
    '{ "name": "A stranger is welcomed", "request": { "placements": ["home"] }, "now": "2026-11-20T09:00:00Z", ' +
    '"expect": { "home": ["welcome"] } }',
};

/** A rule that nobody satisfies, beside one that is well. */
const IMPOSSIBLE = {
  ...SOUND,
  'contextual/anybody.json':
    '{ "name": "Anybody", "placements": ["home"], "conditions": { "all": [] }, "event": { "type": "offer", ' +
    '"params": { "offer": "welcome" } }, "priority": 1 }',
  'contextual/nobody.json': `{ "name": "Nobody",
  "placements": ["home"],
  "conditions": { "all": [
    { "fact": "profile", "path": "$.age", "operator": "greaterThan", "value": 60 },
    { "fact": "profile", "path": "$.age", "operator": "lessThan", "value": 18 } ] },
  "event": { "type": "offer", "params": { "offer": "welcome" } },
  "priority": 2 }`,
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'usher-rules-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function save(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
}

async function run(
  command: typeof checkRules | typeof testRules,
  json = false,
): Promise<{ code: number; printed: string }> {
  const printed: string[] = [];
  const code = await command(dir, { json }, (text) => printed.push(stripVTControlCharacters(text)));
  return { code, printed: printed.join('\n') };
}

describe('usher check', () => {
  test('notes that somebody has to tell how many there are of what is in stock', async () => {
    const welcome = '{ "name": "Bike", "stock": {}, "treatments": { "*": { "content": { "title": "Hello" } } } }';
    save({ ...SOUND, 'offers/welcome.json': welcome });
    const { code, printed } = await run(checkRules);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /offers.welcome\.json:1:28 note no file says how many there are, .*: PUT \/v1\/offers\/welcome\/stock with/,
    );
  });

  test('says how much was read when all is well', async () => {
    save(SOUND);
    expect(await run(checkRules)).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/✓ 3 files: 1 placement, 1 offer, 0 segments, 0 rules, 1 case\. No problems\.$/),
    });
  });

  test('prints every problem with its place, and fails', async () => {
    save({ ...SOUND, 'placements/shop.json': '{\n  "name": "Shop",\n  "fallback": "welcom"\n}' });
    const { code, printed } = await run(checkRules);
    expect(code).toBe(1);
    expect(printed).toMatch(/placements\/shop\.json:3:\d+ .*"welcom"/);
    expect(printed).toContain('1 problem in 1 of 4 files.');
  });

  test('prints what can never happen with its place, and fails only where it is to be strict', async () => {
    save(IMPOSSIBLE);
    const { code, printed } = await run(checkRules);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /contextual\/nobody\.json:4:5 warning this rule can never hold: profile\.age greaterThan 60 and profile\.age lessThan 18 exclude each other/,
    );
    expect(printed).toMatch(/No problems, 1 warning\.$/);
    expect(await checkRules(dir, { strict: true }, () => undefined)).toBe(1);
  });

  test('names what is without effect with its place, and fails only where it is to be strict', async () => {
    save({
      ...SOUND,
      'offers/welcome.json': SOUND['offers/welcome.json'].replace('"name"', '\n"value": 5, "name"'),
    });
    const { code, printed } = await run(checkRules);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /offers\/welcome\.json:2:1 warning "value" has no effect: no placement that rules put the offer forward in goes by it/,
    );
    expect(printed).toMatch(/No problems, 1 warning\.$/);
    expect(await checkRules(dir, { strict: true }, () => undefined)).toBe(1);
    expect(JSON.parse((await run(checkRules, true)).printed)).toMatchObject({
      warnings: 1,
      warned: [{ line: 2, column: 1, message: expect.stringContaining('"value"') }],
    });
  });

  test('names each value in a case that an aggregate of the rules passes over, with its place', async () => {
    const spent = (aggregate: string, event: object) =>
      JSON.stringify({
        ...{ fact: 'interactions', params: { ...event, aggregate, property: 'revenue' } },
        ...{ operator: 'greaterThan', value: 100 },
      });
    const paid = (event: string, revenue: string, line: string) =>
      `${line}{ "event": "${event}", "timestamp": "2026-11-01T00:00:00Z", "properties": { "revenue": ${revenue} } }`;
    save({
      ...SOUND,
      'segments/spenders.json': `{ "name": "S", "conditions": { "all": [${spent('sum', { event: 'Paid' })}] } }`,
      'segments/latest.json': `{ "name": "L", "conditions": { "all": [${spent('last', { event: 'Seen' })}] } }`,
      'cases/spent.json':
        '{ "name": "Spent", "request": { "placements": ["home"] }, "now": "2026-11-20T09:00:00Z", "expect": {},\n' +
        `"visitor": { "interactions": [${[
          paid('Paid', '"149.90"', ''),
          paid('Paid', '"149,90"', '\n'),
          paid('Paid', 'null', '\n'),
          paid('Seen', '"149,90"', '\n'),
        ].join(', ')}] } }`,
    });
    const { code, printed } = await run(checkRules);
    expect(code).toBe(0);
    expect(printed.match(/cases\/spent.*/g)).toEqual([
      'cases/spent.json:3:84 warning "149,90" is no number, and the sum of revenue over Paid passes it over; ' +
        'write a number, as 149.9',
      expect.stringMatching(/^cases\/spent\.json:4:84 warning null is no number, and the sum of revenue over Paid /),
    ]);
    expect(printed).toMatch(/No problems, 2 warnings\.$/);
  });

  test('names each property of a mapping that is wanted as a number, and read as something else', async () => {
    const spent = (event: string, property: string) =>
      `{ "fact": "interactions", "params": { "event": "${event}", "aggregate": "max", "property": "${property}" }, ` +
      '"operator": "greaterThan", "value": 100 }';
    const wanted = ['revenue', 'price', 'sent', 'fixed'].map((property) => spent('Paid', property));
    const any = [...wanted, spent('Seen', 'city')].join();
    save({ ...SOUND, 'segments/spenders.json': `{ "name": "S", "conditions": { "any": [${any}] } }` });
    const map = join(dir, '.map.json');
    const mapping = {
      ...{ visitorId: 'id', timestamp: 'at', event: { value: 'Paid' } },
      properties: {
        ...{ revenue: 'Umsatz', price: { column: 'Preis', type: 'number', decimal: ',' }, city: 'Ort' },
        ...{ sent: { column: 'Versand', type: 'date', format: 'dd.mm.yyyy' }, fixed: { value: 7 } },
      },
    };
    writeFileSync(map, JSON.stringify(mapping));
    const printed: string[] = [];
    expect(await checkRules(dir, { map, strict: true }, (text) => printed.push(stripVTControlCharacters(text)))).toBe(
      1,
    );
    expect(printed.join('\n').match(/\.map\.json.*/g)).toEqual([
      expect.stringMatching(
        /^\.map\.json:1:1 warning "revenue" is read as it stands in the file, and the max of revenue/,
      ),
      expect.stringMatching(
        /^\.map\.json:1:1 warning "sent" is read with "type": "date", and the max of sent over Paid /,
      ),
    ]);
    await expect(checkRules(dir, { map: join(dir, 'none') }, () => undefined)).rejects.toThrow(/none can't be read/);
  });

  test('says once which visitor gets nothing but the fallback, and where', async () => {
    save({ ...SOUND, 'contextual/known.json': IMPOSSIBLE['contextual/nobody.json'].replace('60', '6') });
    expect((await run(checkRules)).printed).toContain('note: the visitor {} gets nothing but the fallback in home\n');
  });

  test('prints warnings for programs', async () => {
    save(IMPOSSIBLE);
    const { proofs, ...more } = JSON.parse((await run(checkRules, true)).printed) as { proofs: unknown[] };
    expect(more).toMatchObject({ ok: true, warnings: 1, problems: [] });
    expect(proofs).toContainEqual(
      expect.objectContaining({
        kind: 'never-holds',
        severity: 'warning',
        line: 4,
        column: 5,
        of: { kind: 'rules', id: 'nobody' },
      }),
    );
  });

  test('holds the rules against what was seen so far', async () => {
    save({ ...IMPOSSIBLE, '.seen.json': '{ "traits": ["name"], "visitors": 3 }' });
    const printed: string[] = [];
    await checkRules(dir, { seen: join(dir, '.seen.json') }, (text) => printed.push(stripVTControlCharacters(text)));
    expect(printed.join()).toMatch(/nobody\.json:4:\d+ warning no visitor seen so far has the trait "age"/);
    expect(printed.join()).toContain('note: held against what was seen of 3 visitors: 0 events, 1 trait');
  });

  test.each([
    ['{', /is not JSON/],
    ['{ "traits": ["age"], "traits": [] }', /"traits" is given more than once/],
    ['{ "traits": "age" }', /does not say what was seen. It looks like \{ "events"/],
    [undefined, /can't be read \(ENOENT\)/],
  ])('says what is wrong with what was seen: %s', async (text, message) => {
    save({ ...SOUND, ...(text !== undefined && { '.seen.json': text }) });
    await expect(checkRules(dir, { seen: join(dir, '.seen.json') }, () => undefined)).rejects.toThrow(message);
  });

  test('prints the same for programs', async () => {
    save({ ...SOUND, 'placements/shop.json': '{' });
    const { code, printed } = await run(checkRules, true);
    expect(code).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({ ok: false, problems: [{ line: 1 }], files: 4, offers: 1 });
  });
});

describe('usher test', () => {
  test('passes when every case does', async () => {
    save(SOUND);
    expect(await run(testRules)).toMatchObject({ code: 0, printed: expect.stringContaining('✓ 1 case passed.') });
  });

  test('shows what differs, and fails', async () => {
    save({ ...SOUND, 'placements/home.json': '{ "name": "Home" }' });
    const { code, printed } = await run(testRules);
    expect(code).toBe(1);
    expect(printed).toContain('✗ A stranger is welcomed');
    expect(printed).toContain('home: expected welcome, got nothing');
    expect(printed).toContain('✗ 1 of 1 case failed.');
  });

  test('shows the problems where the rule files have some', async () => {
    save({ 'placements/home.json': '{' });
    expect(await run(testRules)).toMatchObject({
      code: 1,
      printed: expect.stringContaining('placements/home.json:1:'),
    });
  });

  test('says how to begin where there are no cases', async () => {
    save({
      'placements/home.json': SOUND['placements/home.json'],
      'offers/welcome.json': SOUND['offers/welcome.json'],
    });
    expect(await run(testRules)).toMatchObject({ code: 0, printed: expect.stringContaining('There are no cases.') });
  });

  test('prints results and coverage for programs', async () => {
    save(SOUND);
    expect(JSON.parse((await run(testRules, true)).printed)).toMatchObject({
      ok: true,
      cases: [{ id: 'stranger', ok: true }],
      coverage: { won: [] },
    });
  });
});
