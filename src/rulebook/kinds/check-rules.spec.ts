import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileRulebook } from '../../engine/compile.js';
import type { Json } from '../../engine/language/json.js';
import { judge } from '../check/reference-match.js';
import { checkRules } from './check-rules.js';
import { collectDefinitions } from '../build/collect-definitions.js';
import { Findings } from '../read/findings.js';
import { instant } from '../read/instant.js';
import { readJson } from '../read/read-json.js';
import { readYaml } from '../read/read-yaml.js';
import { LineIndex, type Kind, type RuleFile } from '../read/rule-file.js';
import { runCases } from '../cases/run-cases.js';
import { SAMPLE } from '../sample-rules.contract.js';
import { renderer } from '../templates/templates.js';

function toFile(path: string, text: string): RuleFile {
  const [kind, name = ''] = path.split('/');
  const parse = name.endsWith('.yaml') ? readYaml : readJson;
  return {
    kind: kind as Kind,
    id: name.replace(/\.\w+$/, ''),
    path: `rules/${path}`,
    lines: new LineIndex(text),
    root: parse(text).root,
  };
}

/** The places of a value, as paths. */
function placesIn(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

function replaced(value: Json, [step, ...rest]: readonly (string | number)[], by: Json): Json {
  if (step === undefined) return by;
  const copy = structuredClone(value) as Record<string, Json>;
  copy[step] = replaced(copy[step] ?? null, rest, by);
  return copy;
}

const sample = Object.entries(SAMPLE).map(([path, text]) => toFile(path, text));
const odd = fc.oneof(
  fc.constantFrom<Json>(
    null,
    {},
    [],
    '',
    'all',
    '*',
    { fact: 'profile' },
    { condition: 'pet-lovers' },
    { all: [] },
    [[]],
    -1,
    1.5,
    '{{',
    '{% if %}',
    { '': 1 },
    { constructor: 1 },
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

describe('the check', () => {
  test('never throws, and what it lets through can be compiled and decided on, whatever stands anywhere', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), odd, (which, where, value) => {
        const file = sample[which % sample.length];
        fc.pre(file?.root !== undefined && !JSON.stringify(value).includes('__proto__'));
        const places = placesIn(file?.root?.value ?? null);
        const text = JSON.stringify(replaced(file?.root?.value ?? null, places[where % places.length] ?? [], value));
        const broken = toFile(`${file?.kind}/${file?.id}.json`, text);
        const files = sample.map((one) => (one === file ? broken : one));
        const findings = new Findings();
        checkRules(files, findings);
        if (findings.sorted().length === 0) decideOn(files, findings);
      }),
      { numRuns: 1_500 },
    );
  });
});

function decideOn(files: readonly RuleFile[], findings: Findings): void {
  const definitions = collectDefinitions(files, findings);
  const rulebook = compileRulebook(definitions, { renderer, instant }, { version: 1, digest: '' });
  expect(runCases(definitions, rulebook).length).toBe(definitions.cases.size);
  for (const { conditions, event } of definitions.rules.values()) expect(judge(conditions, event)).toBeUndefined();
}
