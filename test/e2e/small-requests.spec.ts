import { expect, test } from '@jest/globals';
import type { Problem } from '../../src/errors.js';
import { describeOnBothStores, someone } from './harness.js';

interface Refusal {
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** The answer to a small request is a small one. */
const MOST_BYTES = 64 * 1024;

describeOnBothStores('a small request with many problems', (service) => {
  const refused = async (path: string, body: unknown): Promise<Refusal> => {
    const answer = await service.post(path, body);
    expect(answer.text.length).toBeLessThan(MOST_BYTES);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    return answer.body as Refusal;
  };

  test('has a list that is too long told as that alone', async () => {
    const placements = Array.from({ length: 30_000 }, () => 1);
    const { problems } = await refused('/v1/decisions', { visitorId: someone(), placements });
    expect(problems).toEqual([{ path: 'placements', message: 'has more than the limit of 30' }]);
  });

  test('has an object of too many members told as that alone', async () => {
    const members = Object.fromEntries(Array.from({ length: 5_000 }, (_one, at) => [`m${at}`, 1]));
    const { problems } = await refused('/v1/decisions', { visitorId: someone(), placements: ['hero'], ...members });
    expect(problems).toEqual([{ path: '', message: expect.stringContaining('more than the limit of') }]);
  });

  test('has its first 20 told, and how many more there are', async () => {
    const placements = Array.from({ length: 30 }, () => 1);
    const { message, problems } = await refused('/v1/decisions', { visitorId: someone(), placements });
    expect(message).toBe('The request has 30 problems.');
    expect(problems).toHaveLength(21);
    expect(problems[19]?.path).toBe('placements[19]');
    expect(problems[20]).toEqual({ path: '', message: 'and 10 more' });
  });

  test('has a long name in a problem shortened', async () => {
    const { problems } = await refused('/v1/decisions', {
      visitorId: someone(),
      placements: ['hero'],
      ['x'.repeat(60_000)]: 1,
    });
    expect(problems[0]?.path).toBe(`${'x'.repeat(300)}…`);
  });

  test('is cut line by line in a batch of decisions', async () => {
    const line = JSON.stringify({ visitorId: someone(), placements: Array.from({ length: 30 }, () => 1) });
    const { text } = await service.send('POST', '/v1/decisions/batch', {
      body: `${line}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const { error } = JSON.parse(text) as { error: Refusal };
    expect(error.problems.at(-1)?.message).toBe('and 10 more');
  });

  test('is not looked at any further in a line of an import', async () => {
    const interactions = Array.from({ length: 50_000 }, () => 1);
    const { text, body } = await service.send('POST', '/v1/visitors/import', {
      body: JSON.stringify({ visitorId: someone(), interactions }),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const { refused: lines } = body as { refused: readonly { readonly problems: readonly Problem[] }[] };
    expect(text.length).toBeLessThan(MOST_BYTES);
    expect(lines[0]?.problems).toHaveLength(21);
    expect(lines[0]?.problems.at(-1)?.message).toMatch(/^and 98\d more$/);
  });

  test('is cut list by list in the check of rule files', async () => {
    const files = Object.fromEntries(Array.from({ length: 3_000 }, (_one, at) => [`nowhere/${at}.json`, '{}']));
    const { status, text, body } = await service.post('/v1/rulebook/check', { files });
    const { problems, more } = body as { problems: readonly { readonly message: string }[]; more: unknown };
    expect([status, problems.length]).toEqual([200, 20]);
    expect(problems[0]?.message).toContain('unknown folder "nowhere"');
    expect(more).toMatchObject({ problems: expect.any(Number) });
    expect((more as { problems: number }).problems).toBeGreaterThanOrEqual(2_980);
    expect(text.length).toBeLessThan(MOST_BYTES);
  });

  test('is cut when no release is made of rule files', async () => {
    const files = Object.fromEntries(Array.from({ length: 3_000 }, (_one, at) => [`nowhere/${at}.json`, '{}']));
    const { problems } = await refused('/v1/rulebook/releases', { files, message: 'too many' });
    expect(problems).toHaveLength(21);
  });

  test('of more files than a request may have is refused before they are looked at', async () => {
    const files = Object.fromEntries(Array.from({ length: 50_001 }, (_one, at) => [`a${at}`, 1]));
    const { problems } = await refused('/v1/rulebook/check', { files });
    expect(problems).toEqual([{ path: 'files', message: 'has more than the limit of 50000 members' }]);
  });
});
