import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

const FILES: Readonly<Record<string, unknown>> = {
  'placements/hero.json': { name: 'Hero' },
  'offers/bike.json': { name: 'Bike', treatments: { '*': { content: {} } } },
};
const SIZE = 'Gro\u0308\u00DFe';

function problemsOf(path: string, members: object): string[] {
  const files = { ...FILES, [path]: { name: 'One', ...members } };
  const { problems } = loadRulebook(
    Object.entries(files).map(([file, value]) => ({ path: file, text: JSON.stringify(value) })),
  );
  return problems.map(problemText);
}

const segment = (condition: object) => problemsOf('segments/some.json', { conditions: { all: [condition] } });
const of = (params: object, path?: string) =>
  segment({ fact: 'interactions', params, operator: 'greaterThan', value: 1, ...(path !== undefined && { path }) });
const profile = (path: string) => segment({ fact: 'profile', path, operator: 'equal', value: ' as it is ' });
const story = (members: object) =>
  problemsOf('cases/one.json', {
    ...{
      visitor: {},
      request: { placements: ['hero'] },
      now: '2026-11-20T10:00:00Z',
      expect: { hero: [] },
      ...members,
    },
  });

describe('a name of data in a rule file', () => {
  test('may be whatever data can be called, and texts that are no names may be anything', () => {
    expect(profile("$.a['Gr\u00F6\u00DFe'][0][*].__x")).toEqual([]);
    expect(of({ event: 'F\u00FCr sp\u00E4ter', where: { 'b c': ' d ' } })).toEqual([]);
    expect(story({ visitor: { traits: { plan: ' gold ' } } })).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ['an event', of({ event: 'Bought ' }), '"Bought"'],
    ['a channel', of({ channel: '\u200Bweb' }), '"web"'],
    ['a property', of({ event: 'a', aggregate: 'sum', property: SIZE }), '"Größe"'],
    ['a property in where', of({ event: 'a', where: { [SIZE]: 1 } }), '"Größe"'],
    [
      'a property in conditions',
      of({ event: 'a', where: { any: [{ not: { fact: ' x', operator: 'equal', value: 1 } }] } }),
      '"x"',
    ],
    ['a trait', profile(`$.${SIZE}`), '"Größe"'],
    ['a trait further in', profile("$.a[*]['b ']"), '"b"'],
    ['a trait at any depth', profile(`$..${SIZE}`), '"Größe"'],
    [
      'what a value is compared with',
      segment({ fact: 'profile', path: '$.a', operator: 'equal', value: { fact: 'profile', path: `$.${SIZE}` } }),
      '"Größe"',
    ],
    ['the channel of a placement', problemsOf('placements/card.json', { channel: 'web ' }), '"web"'],
    [
      'a name in a template',
      problemsOf('offers/other.json', { treatments: { '*': { content: { a: `{{ profile["${SIZE}"] }}` } } } }),
      '"Größe"',
    ],
    [
      'an event in a template',
      problemsOf('offers/other.json', {
        treatments: { '*': { content: { a: '{{ interactions["Bought "].count }}' } } },
      }),
      '"Bought"',
    ],
    [
      'a trait of the consent policy',
      problemsOf('policies/consent.json', { purposes: { ads: {} }, traits: { [SIZE]: 'ads' } }),
      '"Größe"',
    ],
    [
      'an event of the single view',
      problemsOf('policies/single-view.json', { support: { closed: [{ names: ['Fertig '] }] } }),
      '"Fertig"',
    ],
    ['a trait of a case', story({ visitor: { traits: { a: { [SIZE]: 1 } } } }), '"Größe"'],
    ['the context of a case', story({ request: { placements: ['hero'], context: { 'a ': 1 } } }), '"a"'],
    ['an event of a case', story({ visitor: { interactions: [{ event: ' a', timestamp: '2026-11-20' }] } }), '"a"'],
    ['nothing but blanks', of({ event: ' ' }), 'write a name'],
  ])('is refused where no data can have it, with the one to write: %s', (_what, problems, remedy) => {
    expect(problems).toEqual([expect.stringMatching(/:1:\d+ the name ".*" has .*names are kept without/)]);
    expect(problems[0]).toContain(remedy);
  });
});
