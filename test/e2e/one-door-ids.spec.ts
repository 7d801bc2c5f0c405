import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as importing from '../../src/cli/import-visitors.js';
import type * as tracking from '../../src/cli/track-events.js';
import { importBuilt } from './built.js';
import { describeOnBothStores, someone } from './harness.js';
import { SPELLINGS } from './one-person-said.js';

const { importVisitors } = await importBuilt<typeof importing>('./cli/import-visitors.js');
const { trackEvents } = await importBuilt<typeof tracking>('./cli/track-events.js');

const BAD: readonly (readonly [string, string])[] = [
  ['blank', '" "'],
  ['control characters', '"a\\u0000b"'],
  ['257 characters', JSON.stringify('x'.repeat(257))],
  ['a fraction', '1.5'],
  ['a yes', 'true'],
  ['half a surrogate pair', '"a\\ud800"'],
];
const GUARDED = ['"undefined"', '"null"', '"[object Object]"', '0', '"anonymous"', '"{{user_id}}"'];
const LARGE = '157963456373623801';
const NEIGHBOUR = '157963456373623802';

describeOnBothStores('one person has one id, at whatever door', (service) => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-ids-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const cli = () => ({ url: service.url, key: undefined, json: true });
  const ndjson = 'application/x-ndjson';
  const decide = (id: string, more = '') => `{"visitorId":${id},"placements":["hero"]${more}}`;
  const pageOf = (id: string) => `"type":"track","event":"Seen","userId":${id}`;
  const unquoted = (id: string) => String(JSON.parse(id.startsWith('"') ? id : `"${id}"`));

  const guardedCounts = async (): Promise<Map<string, number>> => {
    const { text } = await service.get('/metrics');
    const lines = text.matchAll(/^usher_ids_guarded_total\{door="([^"]+)"[^}]*\} (\d+)/gm);
    return new Map([...lines].map(([, door = '', count]) => [door, Number(count)]));
  };

  /** Every door that takes something in of a person, by an id that is written as JSON. */
  const DOORS: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
    identify: (id) => service.post('/v1/identify', `{"userId":${id},"traits":{"identify":1}}`),
    'anonymous id': (id) => service.post('/v1/identify', `{"anonymousId":${id},"traits":{"anonymous":1}}`),
    batch: (id) => service.post('/v1/batch', `{"batch":[{${pageOf(id)}}]}`),
    decisions: (id) => service.post('/v1/decisions', decide(id, `,"events":[{"type":"track","event":"Seen"}]`)),
    'lines of decisions': (id) =>
      service.post('/v1/decisions/batch', `${decide(id, `,"events":[{${pageOf(id)}}]`)}\n`, ndjson),
    'lines of an import': (id) =>
      service.post('/v1/visitors/import', `{"visitorId":${id},"traits":{"lines":1}}\n`, ndjson),
    'table of an import': (id) =>
      service.post('/v1/visitors/import', `visitorId,table\n"${unquoted(id)}",1\n`, 'text/csv'),
    'the address': (id) => service.patchTraits(unquoted(id), { address: 1 }),
    outcomes: (id) => service.post('/v1/outcomes', `{"visitorId":${id},"offer":"welcome","outcome":"shown"}`),
    'usher track': async (id) => trackEvents(await file('t.ndjson', `{${pageOf(id)}}\n`), cli(), () => {}),
    'usher import': async (id) =>
      importVisitors(await file('i.csv', `visitorId,command\n"${unquoted(id)}",1\n`), cli(), () => {}),
  };

  test.each(SPELLINGS)('written %s', async (_how, spelt) => {
    const who = someone();
    for (const door of Object.values(DOORS)) await door(spelt(who));
    const person = await service.visitor(`${who} M\u00FCller`);
    expect(person.ids).toEqual([`${who} M\u00FCller`]);
    expect(person.counters).toMatchObject({ Seen: { count: 4 }, 'Offer Shown': { count: 1 } });
    expect(Object.keys(person.traits).sort()).toEqual([
      'address',
      'anonymous',
      'command',
      'identify',
      'lines',
      'table',
    ]);
  });

  test('that is a number beyond what a number holds is taken by its digits, and is not its neighbour', async () => {
    for (const door of Object.values(DOORS)) await door(LARGE);
    expect((await service.visitor(LARGE)).counters).toMatchObject({ Seen: { count: 4 } });
    expect((await service.get(`/v1/visitors/${NEIGHBOUR}`)).status).toBe(404);
    expect((await service.get('/v1/visitors/157963456373623800')).status).toBe(404);
  });

  test('and so is that of a message: its neighbour is not known already', async () => {
    const who = JSON.stringify(someone());
    const batch = [LARGE, NEIGHBOUR, LARGE].map((id) => `{${pageOf(who)},"messageId":${id}}`).join(',');
    expect((await service.post('/v1/batch', `{"batch":[${batch}]}`)).body).toMatchObject({
      accepted: 2,
      duplicates: 1,
    });
  });

  test.each(BAD)('is refused where it is %s', async (_what, id) => {
    const isBlank = id === '" "';
    const refused = { problems: [{ path: expect.stringMatching(/userId|visitorId|line/) }] };
    for (const route of ['track', 'identify'])
      expect((await service.post(`/v1/${route}`, `{"event":"Seen","userId":${id}}`)).body).toMatchObject(refused);
    expect((await service.post('/v1/decisions', decide(id))).body).toMatchObject({
      problems: [{ path: 'visitorId' }],
    });
    expect(await DOORS['outcomes']?.(id)).toMatchObject({
      ...{ status: 400, body: { problems: [{ path: 'visitorId' }] } },
    });
    expect((await service.post('/v1/visitors/import', `{"visitorId":${id},"traits":{}}\n`, ndjson)).body).toMatchObject(
      {
        accepted: 0,
        refused: [{ line: 1, problems: [{ path: 'visitorId' }] }],
      },
    );
    if (isBlank || id.includes('\\u0000'))
      expect((await service.get(`/v1/visitors/${encodeURIComponent(unquoted(id))}`)).status).toBe(400);
  });

  test.each(GUARDED)('is nobody’s where it is %s, which clients send by mistake', async (id) => {
    const device = someone();
    const kept = await service.post('/v1/track', `{"event":"Seen","userId":${id},"anonymousId":"${device}"}`);
    expect([kept.status, kept.body]).toEqual([200, { success: true, guarded: true, messageId: expect.any(String) }]);
    expect((await service.visitor(device)).ids).toEqual([device]);
    const batch = `{"batch":[{${pageOf(id)},"anonymousId":"${device}"},{${pageOf(id)}}]}`;
    expect((await service.post('/v1/batch', batch)).body).toMatchObject({
      ...{ accepted: 1, guarded: [0] },
      refused: [{ index: 1, problems: [{ path: 'userId', message: expect.stringContaining('by mistake') }] }],
    });
    const alias = await service.post('/v1/alias', `{"userId":"${device}","previousId":${id}}`);
    expect([alias.status, alias.body]).toMatchObject([400, { problems: [{ path: 'previousId' }] }]);
    const group = await service.post('/v1/group', `{"userId":"${device}","groupId":${id},"traits":{"name":"Acme"}}`);
    expect([group.status, group.body]).toMatchObject([
      400,
      { problems: [{ path: 'groupId', message: expect.stringContaining('id of this one group') }] },
    ]);
    expect((await service.visitor(device)).traits).toEqual({});
    for (const [type, row] of [
      [ndjson, `{"visitorId":"${device}","traits":{}}\n{"visitorId":${id},"traits":{}}\n`],
      ['text/csv', `visitorId\n${device}\n"${unquoted(id)}"\n`],
    ] as const) {
      const { body } = await service.post('/v1/visitors/import', row, type);
      const line = type === ndjson ? 2 : 3;
      expect(body).toMatchObject({ accepted: 1, guardedCount: 1, guarded: [line], refused: [{ line }] });
    }
    expect(await DOORS['outcomes']?.(id)).toMatchObject({
      ...{ status: 400, body: { problems: [{ path: 'visitorId', message: expect.stringContaining('by mistake') }] } },
    });
    for (const name of ['lines of an import', 'the address', 'table of an import']) await DOORS[name]?.(id);
    expect((await service.get(`/v1/visitors/${encodeURIComponent(unquoted(id))}`)).status).toBe(404);
  });

  test('is decided for as a stranger’s where clients send it by mistake, and says so', async () => {
    const answer = await service.post(
      '/v1/decisions',
      decide('"undefined"', ',"events":[{"type":"track","event":"Seen"}]'),
    );
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { guarded: true, served: 'full', events: 'refused', decisions: [{ placement: 'hero' }] },
    ]);
    expect((await service.get('/v1/visitors/undefined')).status).toBe(404);
    // What was refused names the id; nothing was decided for it.
    expect((await service.get('/v1/visitors/undefined/export')).body).toMatchObject({ decisions: [], recorded: [] });
  });

  test('is counted by door where clients send it by mistake, taken or refused', async () => {
    const id = '"undefined"';
    const before = await guardedCounts();
    for (const door of Object.values(DOORS)) await door(id);
    const refused = (await service.get('/v1/tracking/rejected?limit=1')).body as { rejected: { id: string }[] };
    await service.post('/v1/tracking/rejected/replay', { ids: refused.rejected.map((one) => one.id) });
    const after = await guardedCounts();
    const counted = [...after].map(([door, count]) => [door, count - (before.get(door) ?? 0)]);
    expect(Object.fromEntries(counted)).toEqual({
      ...{
        tracking: 2,
        'tracking-batch': 2,
        replay: 1,
        decisions: 1,
        'decisions-batch': 2,
        import: 3,
        visitors: 1,
        outcomes: 1,
      },
    });
  });

  test('of a message is made up where clients send it by mistake: the next event is not known already', async () => {
    const who = JSON.stringify(someone());
    const one = `{${pageOf(who)},"messageId":"undefined"}`;
    expect((await service.post('/v1/batch', `{"batch":[${one},${one}]}`)).body).toMatchObject({ accepted: 2 });
    const days = [1, 2, 3].map((day) => `{"event":"A","timestamp":"2026-11-0${day}","messageId":"undefined"}`);
    const imported = `{"visitorId":${who},"traits":{}}\n{"visitorId":${who},"interactions":[${days.join(',')}]}`;
    expect((await service.post('/v1/visitors/import', imported, ndjson)).body).toMatchObject({
      ...{ accepted: 2, guardedCount: 1, guarded: [2] },
    });
    expect((await service.visitor(unquoted(who))).counters).toMatchObject({ Seen: { count: 2 }, A: { count: 3 } });
  });

  test('of a message is made of nanoseconds, too, so that each counts once at every door', async () => {
    const who = someone();
    const at = (nanos: number) => `"event":"A","timestamp":17950000001234567${nanos}`;
    const one = `{"type":"track","userId":"${who}",${at(10)}}`;
    const two = `{"type":"track","userId":"${who}",${at(11)}}`;
    expect((await service.post('/v1/batch', `{"batch":[${one},${two}]}`)).body).toMatchObject({ accepted: 2 });
    expect((await service.post('/v1/batch', `{"batch":[${one},${two}]}`)).body).toMatchObject({ duplicates: 2 });
  });

  test('is erased from the list of the refused, however it was written', async () => {
    const who = someone();
    await service.post('/v1/batch', `{"batch":[{"type":"track","userId":"${who} Mu\u0308ller\u00A0"}]}`);
    const refused = async () =>
      JSON.stringify((await service.get('/v1/tracking/rejected?limit=200')).body).includes(who);
    expect(await refused()).toBe(true);
    await service.send('DELETE', `/v1/visitors/${encodeURIComponent(`${who} M\u00FCller`)}`);
    expect(await refused()).toBe(false);
  });

  test('may have 256 characters of four bytes each in the address', async () => {
    const who = `${someone()}${'\u{1F600}'.repeat(200)}`;
    await service.post('/v1/identify', { userId: who, traits: { a: 1 } });
    expect((await service.visitor(who)).traits).toEqual({ a: 1 });
  });
});

describeOnBothStores('a number that would lose digits is refused by its place', (service) => {
  test.each([
    ['/v1/track', `{"event":"e","userId":"n","properties":{"a":[{"b":${LARGE}}]}}`, 'properties.a.0.b'],
    ['/v1/identify', `{"userId":"n","traits":{"a":0.1234567890123456789}}`, 'traits.a'],
    ['/v1/identify', `{"userId":"n","traits":${LARGE}}`, 'traits'],
    ['/v1/identify', `{"userId":"n","context":{"traits":{"a":${LARGE}}}}`, 'context.traits.a'],
    ['/v1/decisions', `{"visitorId":"n","placements":["hero"],"context":{"a":${LARGE}}}`, 'context.a'],
    ['/v1/decisions', `{"visitorId":"n","placements":["hero"],"context":${LARGE}}`, 'context'],
  ])('%s %s', async (route, body, path) => {
    const { status, body: answer } = await service.post(route, body);
    expect([status, answer]).toMatchObject([
      400,
      { problems: [{ path, message: expect.stringMatching(/text|must be an object/) }] },
    ]);
  });

  test('in an import and in the address', async () => {
    const lines = [`{"a":${LARGE}}`, LARGE].map((traits) => `{"visitorId":"n","traits":${traits}}\n`).join('');
    const { body } = await service.post('/v1/visitors/import', lines, 'application/x-ndjson');
    expect(body).toMatchObject({ accepted: 0, refused: [{ problems: [{ path: 'traits.a' }] }, { line: 2 }] });
    const patched = await service.send('PATCH', '/v1/visitors/n/traits', {
      body: `{"a":${LARGE}}`,
      headers: { 'content-type': 'application/json' },
    });
    expect([patched.status, patched.body]).toMatchObject([400, { problems: [{ path: 'a' }] }]);
  });

  test('and kept with its digits among the refused', async () => {
    const who = someone();
    await service.post('/v1/track', `{"event":"e","userId":"${who}","properties":{"a":${LARGE},"b":1e999}}`);
    const { text } = await service.get('/v1/tracking/rejected?limit=1');
    expect(text).toContain(`"a":${LARGE},"b":1e999`);
  });
});
