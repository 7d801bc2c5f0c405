import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../engine/language/json.js';
import { factNames } from '../../engine/facts/facts.js';
import { decoratorNames, operatorNames } from '../../engine/match/operators.js';
import { checkRules } from '../kinds/check-rules.js';
import { Findings } from '../read/findings.js';
import { readRules } from '../kinds/read-rules.js';
import { findKind, kinds } from '../kinds/kinds.js';
import { LineIndex, type Kind, type RuleFile } from '../read/rule-file.js';
import { readYaml } from '../read/read-yaml.js';
import { readJson } from '../read/read-json.js';
import { SAMPLE } from '../sample-rules.contract.js';
import { schemaOf, type SchemaObject } from './schema-of.js';

const KINDS = kinds.map(({ name }) => name);

const editors = new Map<Kind, ValidateFunction>();

function editor(kind: Kind): ValidateFunction {
  const known = editors.get(kind) ?? new Ajv({ strict: true, allowUnionTypes: true }).compile(schemaOf(kind));
  editors.set(kind, known);
  return known;
}

const parsed = Object.entries(SAMPLE).map(([path, text]): RuleFile => {
  const [kind, name = ''] = path.split('/');
  return {
    kind: kind as Kind,
    id: name.replace(/\.\w+$/, ''),
    path: `rules/${path}`,
    lines: new LineIndex(text),
    root: (name.endsWith('.yaml') ? readYaml : readJson)(text).root,
  };
});

/** What the check says of a wrong shape, as against names that are not there, times, templates and the like. */
const SHAPE =
  /^(unknown (property|param|operator|decorator|fact|aggregate)|"\w+" (is missing|must be|needs|takes|stands beside)|each of "|the file must|a condition (must|needs)|this fact takes no params|consent is "granted")/;

type Path = readonly (string | number)[];

function placesIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

/** A copy with what stands at the path replaced; undefined takes it away. */
function replaced(value: Json, [step, ...rest]: Path, by: Json | undefined): Json {
  if (step === undefined) return by ?? null;
  const copy = structuredClone(value) as Record<string, Json>;
  if (rest.length === 0 && by === undefined) delete copy[step];
  else copy[step] = replaced(copy[step] ?? null, rest, by);
  return copy;
}

const odd = fc.oneof(
  fc.constantFrom<Json>(
    null,
    {},
    [],
    '',
    'all',
    '*',
    'in',
    'not:contains',
    'now',
    'segments',
    'interactions',
    0,
    1,
    -1,
    1.5,
    true,
    'home.hero',
    'welcome',
    'live',
    '7d',
    '2026-11-20',
  ),
  fc.constantFrom<Json>(
    { fact: 'profile' },
    { fact: 'now', path: '$.hour' },
    { fact: 'nobody' },
    { condition: 'pet-lovers' },
    { all: [] },
    { any: [{ all: [] }] },
    { not: { condition: 'pet-lovers' } },
    [[]],
    ['home.hero'],
    { event: 'X' },
    { within: '7d' },
    { where: { a: 1 } },
  ),
  fc.constantFrom<Json>(
    { fact: 'profile', path: '$.a', operator: 'in', value: 3 },
    { fact: 'profile', operator: 'someValue:equal', value: [] },
    {
      fact: 'interactions',
      params: { event: 'X', where: { not: { fact: 'a', operator: 'equal', value: 1 } } },
      operator: 'lessThan',
      value: 2,
    },
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);
const change: fc.Arbitrary<(value: Json, path: Path) => Json> = fc.oneof(
  odd.map((by) => (value: Json, path: Path) => replaced(value, path, by)),
  fc.constant((value: Json, path: Path) => (path.length === 0 ? value : replaced(value, path, undefined))),
  fc
    .tuple(
      fc.constantFrom(
        'all',
        'any',
        'not',
        'condition',
        'name',
        'priority',
        'status',
        'params',
        'path',
        'extra',
        'schedule',
        'count',
      ),
      odd,
    )
    .map(([name, by]) => (value: Json, path: Path) => {
      const node = path.reduce<Json>((one, step) => (one as Record<string, Json>)[step] ?? null, value);
      return typeof node !== 'object' || node === null || Array.isArray(node)
        ? value
        : replaced(value, [...path, name], by);
    }),
);

function propertiesIn(node: unknown): [string, SchemaObject][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([keyword, inner]: [string, unknown]) => [
    ...(keyword === 'properties' && isProperties(inner) ? Object.entries(inner) : []),
    ...propertiesIn(inner),
  ]);
}

/** A property may itself be called "properties". */
function isProperties(node: unknown): node is Record<string, SchemaObject> {
  return typeof node === 'object' && node !== null && Object.values(node).every((inner) => typeof inner === 'object');
}

function isTold(schema: SchemaObject | undefined): boolean {
  return typeof schema?.['description'] === 'string';
}

function targetOf(property: SchemaObject, schema: SchemaObject): SchemaObject | undefined {
  return schema.definitions?.[String(property['$ref']).replace('#/definitions/', '')];
}

/** The sample's files of a kind, and what `usher new` begins with. */
function samplesOf(name: Kind): (readonly [path: string, text: string])[] {
  const { folder, file = '', starting } = findKind(name) ?? { folder: name, starting: () => '' };
  const names = { id: 'new', placement: 'home.hero', offer: 'welcome', today: '2026-11-20', shown: ['welcome'] };
  const none = { fallback: undefined, segment: undefined, purpose: undefined };
  return [
    ...Object.entries(SAMPLE).filter(([path]) => path.startsWith(`${folder}/${file}`)),
    [`${folder}/new.yaml`, starting({ ...names, ...none })],
  ];
}

describe('the schemas', () => {
  test('are what the types say', () => {
    const script = fileURLToPath(new URL('../../../test/schemas.mjs', import.meta.url));
    expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toContain('schemas/ is what');
  });

  test.each(KINDS)('of %s take the sample, as an editor would', (kind) => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(schemaOf(kind));
    const files = samplesOf(kind);
    expect(files.length).toBeGreaterThan(0);
    for (const [path, text] of files) {
      const { root } = path.endsWith('.yaml') ? readYaml(text) : readJson(text);
      expect([path, validate(root?.value), validate.errors]).toEqual([path, true, null]);
    }
  });

  test.each(KINDS)('of %s say of every property what it is', (kind) => {
    const schema = schemaOf(kind);
    const silent = propertiesIn(schema).filter(
      ([, property]) => !isTold(property) && !isTold(targetOf(property, schema)),
    );
    expect(silent.map(([name]) => name)).toEqual([]);
    expect(JSON.stringify(schemaOf('offers'))).toContain('What can be shown or done');
  });

  test('know the facts, operators and decorators of the engine', () => {
    const { FactName, OperatorName } = schemaOf('contextual').definitions ?? {};
    const choices = (definition: SchemaObject | undefined) =>
      (definition?.['anyOf'] as SchemaObject[]).flatMap((choice) => choice['const'] ?? []);
    expect(choices(FactName)).toEqual(factNames);
    expect(choices(OperatorName)).toEqual(operatorNames);
    const takes = new Ajv().compile(OperatorName ?? {});
    for (const decorator of decoratorNames)
      expect([
        decorator,
        takes(`${decorator}:equal`),
        takes(`not:${decorator}:in`),
        takes(`${decorator}:`),
        takes(`${decorator}s:equal`),
      ]).toEqual([decorator, true, true, false, false]);
    expect(['greaterThen', 'equal:not', '', 'not'].map((name) => takes(name))).toEqual([false, false, false, false]);
  });

  test.each<[string, Json | undefined, boolean]>([
    ['share', { salt: 'a' }, true],
    ['share', { salt: '' }, false],
    ['contacts', { event: 'shown', within: 'week', aggregate: 'last' }, true],
    ['contacts', { event: 'shown', aggregate: 'sum' }, false],
    ['contacts', { offer: 'welcome' }, false],
    ['interactions', { event: 'shown', within: 'week' }, false],
    ['profile', { salt: 'a' }, false],
  ])('know what the fact %s takes: %j', (fact, params, isTaken) => {
    const condition = { fact, params, operator: 'equal', value: 1 };
    expect(editor('segments')({ name: 'Some', conditions: { all: [condition] } })).toBe(isTaken);
  });

  test('take every file of the example business', () => {
    const files = readRules(fileURLToPath(new URL('../../../rules', import.meta.url))).files;
    expect(files.length).toBeGreaterThan(50);
    const refused = files.filter(({ kind, root }) => !editor(kind)(root?.value)).map(({ path }) => path);
    expect(refused).toEqual([]);
  });

  test('take what the check takes, and refuse what it refuses for its shape, whatever is changed', () => {
    const about = { shape: 0, sound: 0 };
    fc.assert(
      fc.property(fc.nat(), fc.nat(), change, (which, where, make) => {
        const file = parsed[which % parsed.length] as RuleFile;
        const places = placesIn(file.root?.value ?? null);
        const value = make(file.root?.value ?? null, places[where % places.length] ?? []);
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        const text = JSON.stringify(value);
        const changed: RuleFile = { ...file, lines: new LineIndex(text), root: readJson(text).root };
        const findings = new Findings();
        checkRules(
          parsed.map((one) => (one === file ? changed : one)),
          findings,
        );
        const messages = findings
          .sorted()
          .filter((one) => one.file === file.path)
          .map(({ message }) => message);
        const taken = editor(file.kind)(JSON.parse(text));
        if (messages.length === 0) about.sound++;
        if (messages.some((message) => SHAPE.test(message))) about.shape++;
        if (messages.length === 0) expect([text, taken]).toEqual([text, true]);
        if (messages.some((message) => SHAPE.test(message)))
          expect([messages, text, taken]).toEqual([messages, text, false]);
      }),
      { numRuns: 2_000 },
    );
    // Both happened often enough to mean something.
    expect(Math.min(about.shape, about.sound)).toBeGreaterThan(100);
  });
});
