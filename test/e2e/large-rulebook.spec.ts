import { afterAll, beforeAll, expect, test, describe } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.js';
import { BuiltCli } from './built-cli.js';

const RULES = 400;

interface Answer {
  readonly rulebook: { readonly version: number };
  readonly decisions: readonly {
    readonly items: readonly {
      readonly offer: string;
      readonly rule?: string;
      readonly content: { readonly title: string };
    }[];
  }[];
  readonly explanation?: readonly {
    readonly rules: readonly { readonly rule: string; readonly conditions?: unknown }[];
  }[];
}

describe('a large rulebook on SQLite', () => {
  let cli: BuiltCli;
  let rules: string;
  beforeAll(async () => {
    cli = await BuiltCli.open();
    rules = join(cli.folder, 'files', 'rules');
    await Promise.all(
      ['placements', 'offers', 'contextual'].map((kind) => mkdir(join(rules, kind), { recursive: true })),
    );
    await write('placements/hero.json', { name: 'Hero', fallback: 'other' });
    await write('offers/other.json', offer('Other'));
    await write('offers/shown.json', offer('Hello {{ context.name }}'));
    for (let n = 0; n < RULES; n++) await write(`contextual/rule-${n}.json`, rule(n, 10));
  });
  afterAll(() => cli.remove());

  const write = (path: string, content: unknown) =>
    writeFile(join(rules, path), typeof content === 'string' ? content : JSON.stringify(content));
  const offer = (title: string) => ({ name: title, treatments: { '*': { content: { title } } } });
  const rule = (n: number, priority: number) => ({
    ...{ name: `Rule ${n}`, placements: ['hero'], priority, event: { type: 'offer', params: { offer: 'shown' } } },
    conditions: { all: [{ fact: 'context', path: '$.n', operator: 'equal', value: n }] },
  });

  test('is built aside when saved, and goes live while every request is answered, unless it is broken', async () => {
    const service = await cli.start({ USHER_RULES: rules, USHER_DATA: join(cli.folder, 'files') }, ['--watch']);
    const ask = async (more: object = {}): Promise<Answer> => {
      const body = { visitorId: 'v', placements: ['hero'], context: { n: 7, name: 'Ada' }, ...more };
      const answer = await fetch(`${service.url}/v1/decisions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Answer;
    };
    const itemOf = ({ decisions }: Answer) => decisions[0]?.items[0];
    expect(itemOf(await ask())).toMatchObject({ offer: 'shown', rule: 'rule-7', content: { title: 'Hello Ada' } });

    await write('contextual/rule-7.json', {
      ...rule(7, 10),
      conditions: { all: [{ fact: 'context', path: '$.n', operator: 'equal', value: 8 }] },
    });
    let answer = await ask();
    for (; answer.rulebook.version === 1; answer = await ask()) {
      expect(itemOf(answer)?.rule).toBe('rule-7');
      // Asking without a pause would take from the build the core that it needs.
      await sleep(20);
    }
    expect(itemOf(answer)).toMatchObject({ offer: 'other', content: { title: 'Other' } });
    const explained = await ask({ explain: true });
    expect(explained.explanation?.[0]?.rules.find((one) => one.rule === 'rule-7')?.conditions).toMatchObject({
      all: [{ fact: 'context', value: 8, factResult: 7, result: false }],
    });

    await write('contextual/rule-9.json', '{');
    await until('the broken rule to be refused', () => service.said().includes('rule-9.json'));
    expect((await ask()).rulebook.version).toBe(2);
    expect(await service.stop()).toBe('SIGTERM');
  });
});
