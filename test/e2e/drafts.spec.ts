import { describe, expect, test } from '@jest/globals';
import type { AnsweredDraft, DraftList } from '../../src/authoring/answered-draft.js';
import { describeOn, describeOnBothStores } from './harness.js';
import type { Answer, Service } from './service.js';

const DRAFTS = '/v1/rulebook/drafts';
const HELLO = JSON.stringify({ name: 'Hello', treatments: { '*': { content: { title: 'Hello' } } } });
const titled = (title: string) => HELLO.replaceAll('Hello', title);

function put(service: Service, { id }: { id: string }, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return service.send('PUT', `${DRAFTS}/${id}`, { headers, body: JSON.stringify(body) });
}

async function begun(service: Service, more: object = {}): Promise<AnsweredDraft> {
  const body = { files: { 'offers/hello.json': HELLO }, message: 'another hello', ...more };
  const answer = await service.post(DRAFTS, body);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer.body as AnsweredDraft;
}

/** Publishes the live release with another welcome, from elsewhere, and makes it live; gives its version. */
async function goOn(service: Service, welcome: string, { live = true } = {}): Promise<number> {
  const draft = await begun(service, { files: { 'offers/welcome.json': titled(welcome) } });
  const { body } = await service.post(`${DRAFTS}/${draft.id}/publish`, { revision: 1, message: welcome });
  const { version } = body as { version: number };
  if (live) expect((await service.post(`/v1/rulebook/releases/${version}/activate`, {})).status).toBe(200);
  return version;
}

const filesIn = async (service: Service, version: number) => {
  const { body } = await service.get(`/v1/rulebook/releases/${version}?files=true`);
  return (body as { files: Record<string, string> }).files;
};

describeOnBothStores('a draft', (service) => {
  test('is kept, listed without its files, read, changed and deleted', async () => {
    const draft = await begun(service, { author: 'Zoë' });
    expect(draft).toMatchObject({ revision: 1, author: 'Zoë', who: 'local', via: 'api', fileCount: 1 });
    const { live, drafts } = (await service.get(DRAFTS)).body as DraftList;
    const { files: _files, check: _check, ...head } = draft;
    expect([live, drafts[0]]).toEqual([draft.base, head]);
    const next = { revision: 1, files: { 'offers/hello.json': null, 'offers/new.json': titled('New') } };
    expect((await put(service, draft, next)).body).toMatchObject({ revision: 2, files: next.files, author: 'Zoë' });
    const { body } = await service.get(`${DRAFTS}/${draft.id}`);
    expect(body).toMatchObject({ revision: 2, message: 'another hello', files: next.files });
    expect(body).not.toHaveProperty('check');
    expect((await service.send('DELETE', `${DRAFTS}/${draft.id}?revision=1`)).status).toBe(409);
    expect((await service.send('DELETE', `${DRAFTS}/${draft.id}?revision=2`)).status).toBe(204);
    expect((await service.get(`${DRAFTS}/${draft.id}`)).body).toMatchObject({
      ...{ code: 'NOT_FOUND', message: expect.stringContaining('There is no draft') },
    });
  });

  test('is checked as it is typed, with the place of every problem, and kept however it is', async () => {
    const draft = await begun(service, { files: { 'offers/hello.json': '{\n  "name": ' } });
    expect(draft.check?.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ file: 'offers/hello.json', line: 2 })]),
    );
    const fixed = await put(service, draft, { revision: 1, files: { 'offers/hello.json': HELLO } });
    expect((fixed.body as AnsweredDraft).check?.problems).toEqual([]);
    const gone = await put(service, draft, { revision: 2, files: { 'offers/welcome.json': null } });
    // The placements fall back on it.
    expect((gone.body as AnsweredDraft).check?.problems[0]?.message).toContain('welcome');
    const read = await service.get(`${DRAFTS}/${draft.id}?check=true`);
    expect((read.body as AnsweredDraft).check).toEqual((gone.body as AnsweredDraft).check);
  });

  test('of two who change it, the later is told what it is now', async () => {
    const draft = await begun(service);
    const mine = { revision: 1, files: { 'offers/hello.json': titled('Mine') } };
    const theirs = { revision: 1, files: { 'offers/hello.json': titled('Theirs') } };
    const answers = await Promise.all([put(service, draft, mine), put(service, draft, theirs)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [won, lost] = answers.sort((a, b) => a.status - b.status).map(({ body }) => body as AnsweredDraft);
    expect(lost).toMatchObject({
      ...{ code: 'DRAFT_CHANGED', message: expect.stringContaining('is at revision 2, changed last by local') },
      current: { id: draft.id, revision: 2, files: won?.files },
    });
    const stale = await service.post(`${DRAFTS}/${draft.id}/publish`, { revision: 1 });
    expect([stale.status, stale.body]).toEqual([409, expect.objectContaining({ code: 'DRAFT_CHANGED' })]);
  });

  test('becomes a release by the same door as all others, and ends', async () => {
    const draft = await begun(service, { files: { 'offers/hello.json': '{' } });
    const publish = (revision: number) => service.post(`${DRAFTS}/${draft.id}/publish`, { revision });
    const refused = await publish(1);
    expect([refused.status, refused.body]).toEqual([422, expect.objectContaining({ code: 'RELEASE_REFUSED' })]);
    const files = { 'offers/hello.json': titled('Published'), 'proactive/named-people.json': null };
    await put(service, draft, { revision: 1, files });
    const { status, body } = await publish(2);
    expect([status, body]).toMatchObject([201, { isNew: true, author: 'local', message: 'another hello' }]);
    const { version } = body as { version: number };
    const published = await filesIn(service, version);
    expect(published['offers/hello.json']).toBe(titled('Published'));
    expect(published).not.toHaveProperty(['proactive/named-people.json']);
    expect((await publish(2)).status).toBe(404);
    // It serves nobody: that is another step, of a person's.
    expect((await service.get('/v1/rulebook/rollout')).body).toMatchObject({ live: draft.base });
  });

  test('that is behind says so, is not published, and is brought to what is live', async () => {
    const draft = await begun(service, {
      files: { 'offers/hello.json': HELLO, 'offers/welcome.json': titled('Mine') },
    });
    const live = await goOn(service, `Theirs ${service.store}`);
    const behind = { live, both: ['offers/welcome.json'] };
    expect((await service.get(`${DRAFTS}/${draft.id}`)).body).toMatchObject({ base: draft.base, behind });
    const refused = await service.post(`${DRAFTS}/${draft.id}/publish`, { revision: 1 });
    expect([refused.status, refused.body]).toMatchObject([
      409,
      {
        code: 'DRAFT_BEHIND',
        message: expect.stringContaining(`Change it to "base": ${live}`),
        problems: [{ path: 'base' }, { path: 'offers/welcome.json' }],
      },
    ]);
    const rebased = await put(service, draft, { revision: 1, base: live, files: { 'offers/hello.json': HELLO } });
    expect(rebased.body).toMatchObject({ base: live, revision: 2 });
    expect(rebased.body).not.toHaveProperty('behind');
    const { body } = await service.post(`${DRAFTS}/${draft.id}/publish`, { revision: 2, message: 'at last' });
    const files = await filesIn(service, (body as { version: number }).version);
    expect(files['offers/welcome.json']).toBe(titled(`Theirs ${service.store}`));
  });

  test('says at its publication what others have published and is not in it', async () => {
    const draft = await begun(service, { files: { 'offers/hello.json': titled(`Beside ${Math.random()}`) } });
    const theirs = await goOn(service, `Not live ${service.store}`, { live: false });
    const { body } = await service.post(`${DRAFTS}/${draft.id}/publish`, { revision: 1 });
    expect((body as { notes: string[] }).notes).toEqual([
      expect.stringContaining(`what release ${theirs} changes, which is published and not live, is not in it`),
    ]);
  });

  test.each([
    ['a path that leads elsewhere', { '../../etc/passwd.json': '{}' }, 'this is no path of a rule file'],
    ['a kind that is none', { 'offer/a.json': '{}' }, 'did you mean "offers"?'],
    ['half a character', { 'offers/a.json': '"\ud83d"' }, 'half a character'],
    ['what is no text', { 'offers/a.json': { name: 'A' } }, 'must be a text, the whole of the file, or null'],
    ['too much', { 'offers/a.json': 'é'.repeat(600_000) }, 'a draft has at most 1048576'],
    ['too many', Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`offers/${at}.json`, ''])), '1000'],
  ])('with %s is refused', async (_, files, message) => {
    const { status, body } = await service.post(DRAFTS, { files });
    expect([status, JSON.stringify(body)]).toEqual([
      400,
      expect.stringContaining(JSON.stringify(message).slice(1, -1)),
    ]);
  });

  test('over a release that is not there is refused, as is what names a draft by what is none', async () => {
    expect((await service.post(DRAFTS, { files: {}, base: 999 })).body).toMatchObject({ code: 'NOT_FOUND' });
    for (const id of ['x', '%00', '..%2f..', '__proto__', 'a'.repeat(500)])
      expect((await service.get(`${DRAFTS}/${id}`)).status).toBe(404);
    expect((await service.send('DELETE', `${DRAFTS}/x`)).status).toBe(400);
    expect((await service.post(DRAFTS, '{"files":{"__proto__":"x"}}')).status).toBe(400);
  });
});

describe('drafts', () => {
  describeOn(
    'SQLite',
    'beyond what is kept',
    (service) => {
      test('are refused, and none is lost for another', async () => {
        const [first] = [await begun(service), await begun(service)];
        const third = await service.post(DRAFTS, { files: {} });
        expect([third.status, third.body]).toEqual([409, expect.objectContaining({ code: 'TOO_MANY_DRAFTS' })]);
        expect((await service.send('DELETE', `${DRAFTS}/${first.id}?revision=1`)).status).toBe(204);
        expect((await service.post(DRAFTS, { files: {} })).status).toBe(201);
      });
    },
    { settings: { USHER_KEEP_DRAFTS: '2' } },
  );

  describeOn(
    'SQLite',
    'of one key that asks all the time',
    (service) => {
      test('count as checks do', async () => {
        const headers = { authorization: 'Bearer the-key-of-author-01', 'content-type': 'application/json' };
        const begin = () => service.send('POST', DRAFTS, { headers, body: '{"files":{}}' });
        expect([(await begin()).status, (await begin()).status, (await begin()).status]).toEqual([201, 201, 429]);
      });
    },
    { settings: { USHER_CHECKS_PER_MINUTE: '2', USHER_KEYS: 'author:the-key-of-author-01' } },
  );
});
