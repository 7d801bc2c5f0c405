import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../../test/arbitraries/code-point.js';
import { junitOfCases, junitOfProblems } from './junit-xml.js';
import type { TestReport } from './test-report.js';

const NOTHING = { won: [], matched: [], untouched: [], conditions: [], percent: 50 };

function report(changes: Partial<TestReport> = {}): TestReport {
  return { results: [], coverage: NOTHING, unexercised: [], at: undefined, minCoverage: undefined, ...changes };
}

/** Reads strictly what this writes: elements with attributes, and texts. Throws where XML 1.0 is broken. */
function parse(xml: string): { name: string; attributes: Record<string, string>; text: string }[] {
  expect(xml).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
  const [declaration, body = ''] = [xml.slice(0, xml.indexOf('\n')), xml.slice(xml.indexOf('\n'))];
  expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  const open: string[] = [];
  const found: ReturnType<typeof parse> = [];
  let at = 0;
  for (const tag of body.matchAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*(?:&[a-z#0-9]+;[^"<&]*)*")*)(\/?)>/g)) {
    const text = body.slice(at, tag.index);
    at = tag.index + tag[0].length;
    expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|apos|#\d+);)/);
    const [, closing, name = '', attributes = '', empty] = tag;
    if (closing === '/') {
      expect(open.pop()).toBe(name);
      const last = found.at(-1);
      if (last?.name === name) last.text = unescaped(text);
    } else {
      if (empty !== '/') open.push(name);
      const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
        key,
        unescaped(value),
      ]);
      found.push({ name, attributes: Object.fromEntries(pairs), text: '' });
    }
  }
  expect([open, body.slice(at).trim()]).toEqual([[], '']);
  return found;
}

function unescaped(text: string): string {
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|([a-z]+));/g, (_all, code: string | undefined, name: string) =>
    code === undefined ? (signs[name] ?? '?') : String.fromCharCode(Number(code)),
  );
}

describe('JUnit XML', () => {
  test('has a test case for each case, with its file and what differs', () => {
    const results = [
      { id: 'a', name: 'A is fine', ok: true, differences: [], file: 'rules/cases/a.json' },
      {
        id: 'b',
        name: 'B fails',
        ok: false,
        differences: ['home: expected x, got y', 'home: "why" & <how>'],
        file: 'rules/cases/b.yaml',
      },
    ];
    const [suites, suite, a, b, failure] = parse(junitOfCases(report({ results }), { dir: 'my/rules', seconds: 0.25 }));
    expect(suites).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '2', failures: '1', errors: '0', time: '0.250' },
    });
    expect(suite).toMatchObject({ name: 'testsuite', attributes: { name: 'my/rules', tests: '2', failures: '1' } });
    expect(a).toMatchObject({
      name: 'testcase',
      attributes: { name: 'A is fine', classname: 'cases.a', file: 'my/rules/cases/a.json' },
    });
    expect(b).toMatchObject({ name: 'testcase', attributes: { name: 'B fails', file: 'my/rules/cases/b.yaml' } });
    expect(failure).toEqual({
      name: 'failure',
      attributes: { message: 'home: expected x, got y', type: 'difference' },
      text: 'home: expected x, got y\nhome: "why" & <how>',
    });
  });

  test('has one for the coverage that is asked for, and one for each problem of the files', () => {
    const coverage = parse(junitOfCases(report({ minCoverage: 60 }), { dir: 'rules', seconds: 0 }));
    expect(coverage.slice(2)).toMatchObject([
      { attributes: { name: 'coverage of at least 60 %' } },
      { attributes: { message: 'coverage is 50 %, and 60 % are asked for' } },
    ]);
    expect(parse(junitOfCases(report({ minCoverage: 50 }), { dir: 'rules', seconds: 0 }))).toHaveLength(3);
    const problems = [{ file: 'rules/offers/a.json', line: 3, column: 9, message: 'unknown offer "x"' }];
    expect(parse(junitOfProblems(problems, { dir: '.', seconds: 0 })).slice(2)).toMatchObject([
      { attributes: { name: 'rules/offers/a.json:3:9', file: 'offers/a.json', line: '3' } },
      { attributes: { message: 'unknown offer "x"', type: 'problem' } },
    ]);
  });

  test('is XML whatever the names and texts are, and loses only what XML can not hold', () => {
    const text = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        ']]>',
        '<!--',
        '&amp;',
        '"\'',
        '\u0000\u001b[31m',
        '\ud800',
        '\udc00\ud83d',
        '\ufffe',
        'a\tb\nc\rd',
        '🐈',
      ),
    );
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1 }), (name, differences) => {
        const results = [{ id: 'x', name, ok: false, differences, file: 'rules/cases/x.json' }];
        const [, , testcase, failure] = parse(junitOfCases(report({ results }), { dir: 'rules', seconds: 0 }));
        const kept = (one: string) =>
          one.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
        expect(testcase?.attributes['name']).toBe(kept(name));
        expect(failure?.attributes['message']).toBe(kept(differences[0] ?? ''));
        expect(failure?.text).toBe(kept(differences.join('\n')));
      }),
    );
  });
});
