import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import { problemText } from '../../rulebook/read/rule-problem.js';
import { runCases } from '../../rulebook/cases/run-cases.js';
import { newFile } from './new-file.js';

const EXAMPLE = fileURLToPath(new URL('../../../rules', import.meta.url));
const KINDS = ['placements', 'offers', 'segments', 'proactive', 'contextual', 'cases'] as const;

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'usher-new-'));
  dir = join(root, 'rules');
});
afterEach(() => rmSync(root, { recursive: true }));

function make(kind: string, id: string): string {
  const printed: string[] = [];
  expect(newFile(kind, id, { dir }, (text) => printed.push(stripVTControlCharacters(text)))).toBe(0);
  return printed.join('\n');
}

function text(path: string): string {
  return readFileSync(join(dir, path), 'utf8');
}

function problems(): string[] {
  return loadRulebook(dir).problems.map(problemText);
}

const SETTING = /^( *)# ( *(?:- |[A-Za-z][\w.-]*:).*)$/gm;

/** With the settings that a file has in comments. */
function uncommented(written: string): string {
  return written.replaceAll(SETTING, '$1$2');
}

describe('usher new', () => {
  test('writes files of every kind that pass the check of the example business, and a case that passes', () => {
    cpSync(EXAMPLE, dir, { recursive: true });
    for (const kind of KINDS)
      expect(make(kind, `brand-new-${kind}`)).toContain(`✓ ${join(dir, kind, `brand-new-${kind}.yaml`)}`);
    rmSync(join(dir, 'policies/consent.json'));
    make('policies', 'consent');
    // The example's own files name purposes that the new policy does not have.
    expect(problems().filter((problem) => /brand-new|policies/.test(problem))).toEqual([]);
    cpSync(join(EXAMPLE, 'policies'), join(dir, 'policies'), { recursive: true });
    rmSync(join(dir, 'policies/consent.yaml'));
    expect(problems()).toEqual([]);
    const { definitions, rulebook } = loadRulebook(dir);
    expect(rulebook && runCases(definitions, rulebook).find(({ id }) => id === 'brand-new-cases')).toMatchObject({
      ok: true,
    });
    expect(text('cases/brand-new-cases.yaml')).toMatch(/^ {2}\S+: \[\S+\]/m);
    for (const kind of KINDS)
      expect(
        text(`${kind}/brand-new-${kind}.yaml`)
          .split('\n')
          .filter((line) => line.includes('#')).length,
      ).toBeGreaterThan(1);
  });

  test('writes files whose settings in comments pass the check too', () => {
    cpSync(EXAMPLE, dir, { recursive: true });
    for (const kind of KINDS) make(kind, `brand-new-${kind}`);
    expect(loadRulebook(dir).warnings).toEqual([]);
    for (const kind of KINDS) {
      const path = `${kind}/brand-new-${kind}.yaml`;
      writeFileSync(join(dir, path), uncommented(text(path)));
    }
    expect(problems()).toEqual([]);
  });

  test('tells of all that limits and orders offers', () => {
    const all = KINDS.map((kind) => {
      make(kind, `new-${kind}`);
      return uncommented(text(`${kind}/new-${kind}.yaml`));
    }).join('');
    const words = ['caps', 'stock', 'goal', 'value', 'propensity', 'tier', 'transactional', 'arbitration', 'score'];
    for (const word of [...words, 'lease', 'contacts', 'limits', 'expectGates'])
      expect(all).toMatch(new RegExp(`^ *${word}:`, 'm'));
  });

  test('falls back on what the contact policy does not hold back', () => {
    const offer = (more: object) =>
      JSON.stringify({ name: 'Hello', treatments: { '*': { content: { title: 'Hello' } } }, ...more });
    mkdirSync(join(dir, 'offers'), { recursive: true });
    mkdirSync(join(dir, 'placements'), { recursive: true });
    writeFileSync(join(dir, 'offers/a.json'), offer({}));
    writeFileSync(join(dir, 'offers/b.json'), offer({ transactional: true }));
    writeFileSync(join(dir, 'placements/first.json'), '{ "name": "First", "fallback": "b" }');
    make('policies', 'contact');
    make('placements', 'second');
    expect(text('placements/second.yaml')).toMatch(/^fallback: b /m);
    expect(loadRulebook(dir).warnings).toEqual([]);
  });

  test('writes files of every kind into an empty folder that pass together', () => {
    make('policy', 'consent');
    make('offer', 'welcome');
    make('placement', 'home.hero');
    make('segment', 'pets');
    make('contextual', 'looked-twice');
    make('proactive', 'lives-here');
    make('case', 'a-stranger');
    expect(problems()).toEqual([]);
    expect(text('contextual/looked-twice.yaml')).toContain('# - { not: { condition: pets } }');
  });

  test('says what is missing where nothing is there yet, and how to make it', () => {
    const printed = make('contextual', 'first-rule');
    expect(printed).toContain('rules/contextual/first-rule.yaml:4:14 unknown placement "home.hero"');
    expect(printed).toContain(`First: usher new placements home.hero --dir ${dir}`);
    expect(printed).toContain(`First: usher new offers welcome --dir ${dir}`);
    make('placements', 'home.hero');
    make('offers', 'welcome');
    expect(problems()).toEqual([]);
  });

  test('begins rules and offers as drafts, so that nothing goes live by itself', () => {
    for (const kind of ['offers', 'proactive', 'contextual']) {
      make(kind, `new-${kind}`);
      expect(text(`${kind}/new-${kind}.yaml`)).toMatch(/^status: draft/m);
    }
  });

  test.each(['true', 'null', '123', '1.5', '2026-11-20', '1e3', 'no', '_', 'a.b', 'x-1_y', '0x1f', 'Y'])(
    'keeps the id %s a text wherever it stands',
    (id) => {
      make('placements', id);
      make('segments', id);
      make('offers', id);
      make('cases', id);
      make('proactive', id);
      expect(problems()).toEqual([]);
      expect(loadRulebook(dir).definitions.rules.get(id)).toMatchObject({
        placements: [id],
        event: { params: { offer: id } },
      });
    },
  );

  test('overwrites nothing, in whatever form it stands, and knows that rules share their ids', () => {
    mkdirSync(join(dir, 'proactive'), { recursive: true });
    writeFileSync(join(dir, 'proactive/taken.json'), '{}');
    for (const [kind, id] of [
      ['proactive', 'taken'],
      ['contextual', 'taken'],
      ['contextual', 'Taken'],
    ] as const)
      expect(() => make(kind, id)).toThrow('taken.json is there already, and is left as it is');
    expect(text('proactive/taken.json')).toBe('{}');
    expect(existsSync(join(dir, 'contextual'))).toBe(false);
  });

  test.each([
    ['ofers', 'x', 'did you mean "offers"?'],
    ['journeys', 'x', 'The kinds are placements, offers'],
    ['offers', '../x', "can't be the name of a rule file"],
    ['offers', 'x.yaml', 'Give the name without its ending: x.'],
    [
      'policies',
      'frequency',
      'usher new policies contact, usher new policies levers, usher new policies single-view, ' +
        'usher new policies search.',
    ],
  ])('refuses %s %s', (kind, id, message) => {
    expect(() => make(kind, id)).toThrow(message);
  });

  test('names the schema where there is one to name', () => {
    make('offers', 'without');
    mkdirSync(join(root, 'schemas'));
    writeFileSync(join(root, 'schemas/offers.json'), '{}');
    make('offers', 'general');
    mkdirSync(join(dir, '.schemas'));
    writeFileSync(join(dir, '.schemas/offers.json'), '{}');
    make('offers', 'named');
    expect(['without', 'general', 'named'].map((id) => text(`offers/${id}.yaml`).split('\n')[0])).toEqual([
      '# An offer: something to show or to do. Its id is the name of this file.',
      '# yaml-language-server: $schema=../../schemas/offers.json',
      '# yaml-language-server: $schema=../.schemas/offers.json',
    ]);
  });
});
