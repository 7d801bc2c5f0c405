import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readRules } from '../kinds/read-rules.js';
import { kinds } from '../kinds/kinds.js';
import type { Kind } from '../read/rule-file.js';
import { rulebookNames, type RulebookNames } from './rulebook-names.js';
import { removeRules, SAMPLE, writeRules, type Files } from '../sample-rules.contract.js';
import { schemaWithNames } from './schema-with-names.js';

const KINDS = kinds.map(({ name }) => name);

const dirs: string[] = [];
afterAll(() => dirs.forEach(removeRules));

function namesOf(changes: Files = {}): RulebookNames {
  const dir = writeRules(changes);
  dirs.push(dir);
  return rulebookNames(readRules(dir).files);
}

/** Whether an editor underlines nothing in a file of the sample in which one text stands in another's place. */
function takes(path: string, [text, by]: readonly [string, string] = ['', ''], names = namesOf()): boolean {
  const written = SAMPLE[path] ?? '';
  expect(written).toContain(text);
  return editor(path.split('/')[0] as Kind, names)(JSON.parse(written.replace(text, by)));
}

const editors = new Map<string, ValidateFunction>();

/** One for each schema: most files are looked at with the same names. */
function editor(kind: Kind, names: RulebookNames): ValidateFunction {
  const schema = schemaWithNames(kind, names);
  const text = JSON.stringify(schema);
  const known = editors.get(text) ?? new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  editors.set(text, known);
  return known;
}

describe('the schemas with names', () => {
  test('gather what the files give names to, broken ones too', () => {
    expect(
      namesOf({
        'offers/broken.json': '{',
        'offers/grouped.json': '{ "group": "cameras", "caps": [ { "event": "shown", "limit": 3 } ] }',
      }),
    ).toEqual({
      offers: ['broken', 'grouped', 'pet-camera', 'welcome'],
      segments: ['owns-a-camera', 'pet-lovers'],
      placements: ['email.offer', 'home.hero'],
      groups: ['cameras'],
      purposes: ['partners', 'personalisation'],
      channels: ['email', 'web'],
      events: ['Order Completed', 'Product Viewed'],
      treatments: ['*', 'email', 'email.offer', 'home.hero', 'web'],
    });
  });

  test.each<[string, string, string]>([
    ['proactive/pet-lovers-see-cameras.json', '"pet-camera"', '"pet-camra"'],
    ['proactive/pet-lovers-see-cameras.json', '"email.offer"', '"email.ofer"'],
    ['proactive/pet-lovers-see-cameras.json', '"condition": "pet-lovers"', '"condition": "pet-lover"'],
    [
      'proactive/pet-lovers-see-cameras.json',
      '"condition": "pet-lovers"',
      '"fact": "segments", "operator": "contains", "value": "pet-lover"',
    ],
    ['segments/pet-lovers.json', '"contains"', '"contians"'],
    ['segments/pet-lovers.json', '"profile"', '"profil"'],
    ['segments/owns-a-camera.json', '"event"', '"evnt"'],
    ['segments/owns-a-camera.json', '"where"', '"aggregate": "total", "where"'],
    ['contextual/looked-at-cameras.json', '"7d"', '"7 days"'],
    ['placements/home.hero.json', '"welcome"', '"welcom"'],
    ['offers/pet-camera.json', '"email"', '"e-mail"'],
    ['offers/pet-camera.json', '"personalisation"', '"personalization"'],
    ['offers/pet-camera.json', '"owns-a-camera"', '"owns-camera"'],
    ['cases/pet-lover.json', '[ "home.hero" ]', '[ "home.heros" ]'],
    ['cases/pet-lover.json', '[ "home.hero" ]', '[ { "id": "home.heros" } ]'],
    ['cases/pet-lover.json', '"expect": { "home.hero"', '"expect": { "home.heros"'],
    ['cases/pet-lover.json', '[ "pet-camera" ]', '[ "pet-camra" ]'],
    ['cases/pet-lover.json', '"partners"', '"partner"'],
    ['policies/consent.json', '"partnerTier": "partners"', '"partnerTier": 1'],
  ])('take %s, and not with %s misspelt as %s', (path, right, wrong) => {
    expect([takes(path), takes(path, [right, wrong])]).toEqual([true, false]);
  });

  test.each<[string, string, string]>([
    ['offers/pet-camera.json', '"consent"', '"group": "a new group", "consent"'],
    ['contextual/looked-at-cameras.json', '"Product Viewed"', '"A new event"'],
    ['contextual/looked-at-cameras.json', '"conditions"', '"channels": ["a new channel"], "conditions"'],
    ['policies/consent.json', '"partners": {', '"letters": {}, "partners": {'],
    ['segments/pet-lovers.json', '"contains"', '"not:contains"'],
  ])('let %s name something new: %s as %s', (path, known, added) => {
    expect(takes(path, [known, added])).toBe(true);
  });

  test('let any purpose be named where nothing is said about consent, and anything where there is nothing yet', () => {
    expect(
      takes(
        'offers/pet-camera.json',
        ['"personalisation"', '"anything"'],
        namesOf({ 'policies/consent.json': undefined }),
      ),
    ).toBe(true);
    const none = rulebookNames([]);
    expect(takes('proactive/pet-lovers-see-cameras.json', ['"pet-camera"', '"to-come"'], none)).toBe(true);
    expect(takes('cases/pet-lover.json', ['', ''], none)).toBe(true);
  });

  test('take every file of the example business', () => {
    const { files } = readRules(fileURLToPath(new URL('../../../rules', import.meta.url)));
    const names = rulebookNames(files);
    const validators = new Map(
      KINDS.map((kind) => [
        kind,
        new Ajv({ strict: true, allowUnionTypes: true }).compile(schemaWithNames(kind, names)),
      ]),
    );
    expect(files.filter(({ kind, root }) => !validators.get(kind)?.(root?.value)).map(({ path }) => path)).toEqual([]);
  });
});
