import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import { importRules, type ImportRulesOptions } from './import-rules.js';

const RULES = [
  {
    name: 'Grown-ups',
    conditions: {
      all: [
        { fact: 'age', operator: 'greaterThanInclusive', value: 18 },
        { fact: 'device', operator: 'equal', value: 'mobile' },
      ],
    },
    event: { type: 'car' },
  },
  {
    name: 'Good score',
    conditions: { all: [{ fact: 'score', params: { of: 'credit' }, operator: 'greaterThan', value: 5 }] },
    event: { type: 'loan' },
  },
  {
    name: 'Own operator',
    conditions: { all: [{ fact: 'name', operator: 'soundsLike', value: 'A' }] },
    event: { type: 'loan' },
  },
];

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'usher-import-'));
  dir = join(root, 'rules');
});
afterEach(() => rmSync(root, { recursive: true }));

function run(content: unknown, options: Partial<ImportRulesOptions> = {}): { code: number; printed: string } {
  const file = join(root, 'rules.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const printed: string[] = [];
  const code = importRules(file, { placement: ['home.hero'], dir, ...options }, (text) =>
    printed.push(stripVTControlCharacters(text)),
  );
  return { code, printed: printed.join('\n') };
}

describe('usher import-rules', () => {
  test('writes what passes the check, says what a person must look at, and fails for what is left out', () => {
    const { code, printed } = run(RULES);
    expect(code).toBe(1);
    expect(printed).toContain('2 rules, 2 offers (drafts), the placement home.hero.');
    expect(printed).toContain(
      'age     profile $.age (1 rule)\n  device  context $.device (1 rule)\n  score   profile $.score (1 rule)',
    );
    expect(printed).toContain(
      '#2 Good score (good-score, a draft until then): the params {"of":"credit"} of the fact score',
    );
    expect(printed).toContain('#3 Own operator: unknown operator "soundsLike"');
    expect(loadRulebook(dir).problems).toEqual([]);
    expect(readdirSync(join(dir, 'contextual'))).toEqual(['grown-ups.json']);
  });

  test('writes nothing the second time, and nothing at all in a dry run', () => {
    expect(run(RULES.slice(0, 2), { dryRun: true }).printed).toContain('Would write');
    expect(existsSync(dir)).toBe(false);
    expect(run(RULES.slice(0, 2)).code).toBe(0);
    expect(run(RULES.slice(0, 2)).printed).toContain('0 rules. 2 rules were there already.');
  });

  test('prints the same for programs', () => {
    expect(JSON.parse(run(RULES, { json: true }).printed)).toMatchObject({
      ...{ ok: false, dryRun: false, unchanged: 0 },
      files: [
        { path: 'placements/home.hero.json' },
        { path: 'offers/car.json' },
        { path: 'contextual/grown-ups.json' },
        { path: 'offers/loan.json' },
        { path: 'proactive/good-score.json' },
      ],
      facts: [{ fact: 'age', to: 'profile', path: '$.age', rules: 1 }, { fact: 'device' }, { fact: 'score' }],
      rules: [
        { id: 'grown-ups' },
        { id: 'good-score' },
        { rule: '#3 Own operator', refused: [expect.stringContaining('soundsLike')] },
      ],
    });
  });

  test('takes named conditions beside the rules', () => {
    const rules = [{ conditions: { condition: 'grown up' }, event: { type: 'car' } }];
    expect(
      run({ rules, conditions: { 'grown up': { all: [{ fact: 'age', operator: 'greaterThan', value: 17 }] } } }).code,
    ).toBe(0);
    expect(loadRulebook(dir).problems).toEqual([]);
    expect(existsSync(join(dir, 'segments/grown-up.json'))).toBe(true);
  });

  test.each<[unknown, Partial<ImportRulesOptions>, string | RegExp]>([
    ['[ {,', {}, /rules\.json:1:\d+ /],
    ['{ "a": 1 }', {}, 'is no list of rules'],
    ['[]', { placement: [] }, 'Say where the rules speak: --placement home.hero.'],
    ['[]', { placement: ['a b'] }, '--placement "a b" can\'t be the id of a placement'],
  ])('refuses %s with %p', (content, options, message) => {
    expect(() => run(content, options)).toThrow(message);
  });

  test('says so where there is no such file', () => {
    expect(() => importRules(join(root, 'none.json'), { placement: ['home'], dir }, () => {})).toThrow(
      "can't be read (ENOENT)",
    );
  });
});
