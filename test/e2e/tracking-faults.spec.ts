import { expect, test } from '@jest/globals';
import { describeOnBothStores, someone } from './harness.js';

const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

/** What is wrong with an event, as JSON that `JSON.stringify` would not write, and where that is said to be. */
const FAULTS: readonly (readonly [string, string, string])[] = [
  ['a __proto__', '"properties":{"__proto__":1}', 'properties.__proto__'],
  ['an escaped __proto__ further in', '"properties":{"a":[{"\\u005f_proto__":{}}]}', 'properties.a.0.__proto__'],
  ['a __proto__ of its own', '"__proto__":{"userId":"x"}', '__proto__'],
  ['a constructor.prototype', '"properties":{"constructor":{"prototype":1}}', 'properties.constructor.prototype'],
  ['a poisoned context', '"context":{"__proto__":{}}', 'context.__proto__'],
  ['a number beyond all bounds', '"properties":{"price":1e999}', 'properties.price'],
  ['such a number further in', '"properties":{"lines":[{"price":-1e400}]}', 'properties.lines.0.price'],
  ['such a number for a time', '"timestamp":1e999', 'timestamp'],
  ['such a number for a message id', '"messageId":1e999', 'messageId'],
  ['properties 11 deep', `"properties":${nested(11)}`, 'properties'],
  ['properties 100,000 deep', `"properties":${nested(100_000)}`, 'properties'],
  ['half a surrogate pair in its message id', '"messageId":"a\\ud800"', 'messageId'],
  ['its person given twice', '"userId":"someone-else"', 'userId'],
  ['a property given twice', '"properties":{"price":1,"price":2}', 'properties.price'],
  ['its context given twice', '"context":{"ip":"a"},"context":{"ip":"b"}', 'context'],
  ['a name given twice, once with an escape', '"messageId":"a","message\\u0049d":"b"', 'messageId'],
  ['half a surrogate pair in its name', '"event":"a\\udc00"', 'event'],
];

describeOnBothStores('a fault of one event is judged on that event', (service) => {
  const event = (userId: string, more = '') =>
    `{"type":"track","userId":${JSON.stringify(userId)},"event":"Good"${more === '' ? '' : `,${more}`}}`;
  const rejectedOf = async (userId: string) => {
    const { rejected } = (await service.get('/v1/tracking/rejected?limit=200')).body as {
      rejected: { problems: { path: string }[]; event?: unknown }[];
    };
    return rejected.filter((one) => JSON.stringify(one).includes(userId));
  };

  test.each(FAULTS)('%s in a batch: refused by index and kept, the others taken', async (_what, fault, path) => {
    const userId = someone();
    const batch = `{"batch":[${event(userId)},${event(userId, fault)},${event(userId)}]}`;
    const { status, body } = await service.post('/v1/batch', batch);
    expect([status, body]).toMatchObject([
      200,
      { accepted: 2, duplicates: 0, refused: [{ index: 1, problems: [{ path }] }] },
    ]);
    expect((await service.visitor(userId)).counters).toMatchObject({ Good: { count: 2 } });
    // What is too large to be kept whole does not name its person any more.
    if (fault.length < 10_000) expect(await rejectedOf(userId)).toMatchObject([{ problems: [{ path }] }]);
  });

  test.each(FAULTS)('%s in a single call: refused and kept', async (_what, fault, path) => {
    const userId = someone();
    const { status, body } = await service.post('/v1/track', event(userId, fault));
    expect([status, body]).toMatchObject([400, { problems: [{ path }] }]);
    expect((await service.get(`/v1/visitors/${userId}`)).status).toBe(404);
  });

  test('a context of a batch that is none is a fault of each event that has no other', async () => {
    const userId = someone();
    const batch = `{"context":"web","batch":[${event(userId)},${event(userId, '"context":{"ip":"::1"}')}]}`;
    expect((await service.post('/v1/batch', batch)).body).toMatchObject({
      ...{ accepted: 1, refused: [{ index: 0, problems: [{ path: 'context' }] }] },
    });
    expect(await rejectedOf(userId)).toHaveLength(1);
  });

  test('a poisoned event stays refused when it is replayed', async () => {
    const userId = someone();
    await service.post('/v1/batch', `{"batch":[${event(userId, '"properties":{"__proto__":{"a":1}}')}]}`);
    const [{ id } = { id: '' }] = (await rejectedOf(userId)) as unknown as { id: string }[];
    expect((await service.post('/v1/tracking/rejected/replay', { ids: [id] })).body).toMatchObject({
      ...{ stored: 0, refused: [{ id, problems: [{ path: 'properties.__proto__' }] }] },
    });
  });

  test('one with a name given twice is kept with both, stays refused, and goes with either person', async () => {
    const [first, second] = [someone(), someone()];
    const proof = '"context":{"identityProof":"secret-1"},"context":{"identityProof":"secret-2","ip":"b"}';
    await service.post('/v1/track', event(first, `"userId":"${second}","properties":{"price":1,"price":2},${proof}`));
    const [kept] = (await rejectedOf(second)) as unknown as { id: string; event: object }[];
    expect(kept?.event).toMatchObject({ userId: [first, second], properties: { price: [1, 2] } });
    expect(JSON.stringify(kept)).not.toContain('secret');
    expect((await service.post('/v1/tracking/rejected/replay', { ids: [kept?.id] })).body).toMatchObject({
      ...{ stored: 0, refused: [{ id: kept?.id, problems: [{ message: expect.stringContaining('more than once') }] }] },
    });
    expect(await rejectedOf(first)).toHaveLength(1);
    await service.send('DELETE', `/v1/visitors/${second}`);
    expect(await rejectedOf(first)).toEqual([]);
  });

  test('halves of surrogate pairs and NULs in what is no id are kept as they came', async () => {
    const userId = someone();
    const properties = { text: 'cut \ud83d', nul: 'a\0b', 'na\0me\udc00': 1 };
    const text = JSON.stringify({ batch: [{ type: 'track', userId, event: 'NUL \0', properties }] });
    expect((await service.post('/v1/batch', text)).body).toMatchObject({ accepted: 1, refused: [] });
    expect((await service.visitor(userId)).interactions).toMatchObject([{ event: 'NUL \0', properties }]);
  });

  test('a list of 130,000 under an escaped name is refused or taken, and never an error of ours', async () => {
    const userId = someone();
    const list = `[${'0,'.repeat(129_999)}0]`;
    const answers = [
      await service.post('/v1/batch', `{"b\\u0061tch":${list}}`),
      await service.post('/v1/decisions', `{"visitorId":"v","placements":["hero"],"c\\u006fntext":{"a":${list}}}`),
      await service.post('/v1/decisions', `{"visitorId":"v","placements":${list.slice(0, 50_001)}0],"\\u00e4":1}`),
      await service.patchTraits(userId, { list: 1 }),
      await service.post('/v1/track', event(userId, `"properties":{"\\u00e4":${list}}`)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 413, 400, 200, 400]);
    expect(answers[0]?.body).toMatchObject({ problems: [{ path: 'batch', message: expect.stringContaining('2500') }] });
    expect(answers[4]?.body).toMatchObject({ problems: [{ path: 'properties' }] });
  });

  test('a line of an import with such a fault is refused, the others are taken', async () => {
    const [good, bad] = [someone(), someone()];
    const lines = [
      `{"visitorId":"${good}","traits":{"a":1}}`,
      `{"visitorId":"${bad}","traits":{"a":1e999}}`,
      `{"visitorId":"${bad}","traits":{"__proto__":1}}`,
      `{"visitorId":"${bad}","interactions":[{"event":"e","timestamp":"2026-11-01","properties":{"p":1e999}}]}`,
      `{"visitorId":"${bad}","traitDetails":{"a":{"value":[1e999]}}}`,
      `{"visitorId":1e999,"traits":{}}`,
      `{"visitorId":"${bad}","visitorId":"${good}","traits":{}}`,
      `{"visitorId":"${bad}","traits":{"a":{"b":1,"b":2}}}`,
    ];
    const { status, body } = await service.post('/v1/visitors/import', lines.join('\n'), 'application/x-ndjson');
    expect([status, body]).toMatchObject([
      200,
      {
        accepted: 1,
        refused: [
          { line: 2, problems: [{ path: 'traits.a' }] },
          { line: 3, problems: [{ path: 'traits.__proto__' }] },
          { line: 4, problems: [{ path: 'interactions[0].properties.p' }] },
          { line: 5, problems: [{ path: 'traitDetails.a.0' }] },
          { line: 6, problems: [{ path: 'visitorId' }] },
          { line: 7, problems: [{ path: 'visitorId' }] },
          { line: 8, problems: [{ path: 'traits.a.b' }] },
        ],
      },
    ]);
    expect((await service.get(`/v1/visitors/${bad}`)).status).toBe(404);
    const csv = await service.post(
      '/v1/visitors/import',
      `visitorId,__proto__,plan\n${bad},x,gold\n${good},,gold`,
      'text/csv',
    );
    expect(csv.body).toMatchObject({ accepted: 1, refused: [{ line: 2, problems: [{ path: 'traits.__proto__' }] }] });
    const patched = await service.send('PATCH', `/v1/visitors/${good}/traits`, {
      ...{ body: '{"a":1e999}', headers: { 'content-type': 'application/json' } },
    });
    expect([patched.status, patched.body]).toMatchObject([400, { problems: [{ path: 'a' }] }]);
  });
});
