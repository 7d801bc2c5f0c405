import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../config.js';
import { boot, type RunningService } from '../main.js';
import type { DecisionAnswer } from './decision-answer.js';

let folder: string;
let service: RunningService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-explain-'));
  service = await boot(readConfig({ PORT: '0', USHER_DATA: folder, USHER_RULES: 'rules', USHER_LOG_LEVEL: 'error' }));
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

async function post(path: string, body: string, type = 'application/json'): Promise<string> {
  const response = await fetch(`${service.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
  return response.text();
}

const ask = { visitorId: 'stranger', placements: ['home.hero', 'desk.greeting'] };

describe('explain', () => {
  test('adds why to the answer, for each placement in the order asked', async () => {
    const { decisions, explanation } = JSON.parse(
      await post('/v1/decisions', JSON.stringify({ ...ask, explain: true })),
    ) as DecisionAnswer;
    expect(explanation?.map(({ placement }) => placement)).toEqual(decisions.map(({ placement }) => placement));
    expect(explanation?.[0]?.rules.length).toBeGreaterThan(5);
    expect(explanation?.[0]?.fallback).toEqual({ offer: 'welcome', verdict: 'SHOWN', because: 'NONE_MATCHED' });
  });

  test('adds nothing where it is not asked for, and changes nothing of the decision', async () => {
    const plain = JSON.parse(await post('/v1/decisions', JSON.stringify(ask))) as DecisionAnswer;
    const explained = JSON.parse(
      await post('/v1/decisions', JSON.stringify({ ...ask, explain: true })),
    ) as DecisionAnswer;
    expect(plain).not.toHaveProperty('explanation');
    expect(explained.decisions).toEqual(plain.decisions);
  });

  test('explains the lines of a batch that ask for it', async () => {
    const lines = [{ ...ask, explain: true }, ask].map((line) => JSON.stringify(line)).join('\n');
    const answers = (await post('/v1/decisions/batch', lines, 'application/x-ndjson')).trim().split('\n');
    expect(answers.map((line) => (JSON.parse(line) as DecisionAnswer).explanation?.length)).toEqual([2, undefined]);
  });
});
