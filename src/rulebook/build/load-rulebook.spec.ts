import { afterAll, describe, expect, test } from '@jest/globals';
import { loadRulebook } from './load-rulebook.js';
import { problemText } from '../read/rule-problem.js';
import { removeRules, SAMPLE, writeRules, type Files } from '../sample-rules.contract.js';

const dirs: string[] = [];
afterAll(() => dirs.forEach(removeRules));

function load(changes: Files = {}) {
  const dir = writeRules(changes);
  dirs.push(dir);
  return loadRulebook(dir, 7);
}

const problemsOf = (changes: Files) => load(changes).problems.map(problemText);

describe('a sound folder', () => {
  test('becomes a rulebook with its version and digest', () => {
    const { rulebook, problems, notes, digest } = load();
    expect(problems.map(problemText)).toEqual([]);
    expect(notes).toEqual([]);
    expect(rulebook).toMatchObject({ version: 7, digest });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('has the same digest wherever it lies, and another when one byte changes', () => {
    const welcome = SAMPLE['offers/welcome.json'] ?? '';
    expect(load().digest).toBe(load().digest);
    expect(load({ 'offers/welcome.json': `${welcome}\n` }).digest).not.toBe(load().digest);
  });

  test('notes kinds of files that are not enforced yet', () => {
    expect(load({ 'policies/quiet.json': '{}' }).notes).toEqual(['not enforced yet: rules/policies/, 1 file']);
  });
});

/** One way to break the sample: in a file, `find` becomes `put`. */
interface Breakage {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  readonly problems: readonly string[];
}

const CAMERAS = 'contextual/looked-at-cameras.json';
const PETS = 'proactive/pet-lovers-see-cameras.json';
const OFFER = 'offers/pet-camera.json';
const SEGMENT = 'segments/pet-lovers.json';
const HERO = 'placements/home.hero.json';
const CASE = 'cases/pet-lover.json';
const CONSENT = 'policies/consent.json';
const at = (file: string, place: string, message: string) => `rules/${file}:${place} ${message}`;
const breaks = (
  what: string,
  [file, find, put]: readonly [string, string, string],
  ...problems: readonly [string, string][]
): Breakage => ({
  what,
  file,
  find,
  put,
  problems: problems.map(([place, message]) => at(file, place, message)),
});

const BREAKAGES: readonly Breakage[] = [
  // Syntax
  breaks(
    'a comma too many',
    [PETS, '"priority": 60', '"priority": 60,'],
    ['6:17', 'remove this comma: no property follows it'],
  ),
  breaks(
    'a comma too few',
    [PETS, '"home.hero", ', '"home.hero" '],
    ['3:30', 'a comma is missing here, before what follows'],
  ),
  breaks(
    'a brace never closed',
    [HERO, '"Europe/Brussels"\n}', '"Europe/Brussels"'],
    ['1:1', 'this { is never closed; the file ends before its }'],
  ),
  breaks(
    'a quote never closed',
    [PETS, 'see cameras"', 'see cameras'],
    ['2:11', 'this text has no closing double quote on its line'],
  ),
  breaks(
    'a comment',
    [PETS, '"priority": 60', '"priority": 60 // high'],
    ['6:18', 'JSON has no comments; put it in "description", or make this a .yaml file'],
  ),
  breaks(
    'a name given twice',
    [HERO, '"channel": "web"', '"name": "Hero"'],
    ['3:3', '"name" is given twice; keep one of the two'],
  ),
  breaks(
    'YAML out of line',
    ['placements/email.offer.yaml', 'count: 1', ' count: 1'],
    [
      '2:10',
      'a second colon follows here: put the text between quotes, ' +
        "or begin the next line in the column of this one's name",
    ],
  ),
  // Shape
  breaks(
    'a mistyped property',
    [PETS, '"placements"', '"placments"'],
    ['1:1', '"placements" is missing; add "placements": [ "…" ], where it may show'],
    ['3:3', 'unknown property "placments"; did you mean "placements"?'],
  ),
  breaks(
    'a missing name',
    [PETS, '"name": "Pet lovers see cameras",\n', '\n'],
    ['1:1', '"name" is missing; add "name": "…", what people call it'],
  ),
  breaks(
    'a wrong status',
    [PETS, '"priority": 60', '"status": "pause"'],
    ['6:13', '"status" must be one of "live", "paused", "draft"; got "pause"; did you mean "paused"?'],
  ),
  breaks(
    'a priority that is a text',
    [PETS, '60', '"high"'],
    ['6:15', '"priority" must be a whole number; got "high"'],
  ),
  breaks('a priority of nought', [PETS, '60', '0'], ['6:15', '"priority" must be 1 or more; got 0']),
  breaks(
    'another event than an offer',
    [PETS, '"type": "offer"', '"type": "offers"'],
    ['5:22', '"type" must be "offer"; got "offers"'],
  ),
  breaks(
    'no placement at all',
    [PETS, '[ "home.hero", "email.offer" ]', '[]'],
    ['3:17', '"placements" must list at least one; it is empty'],
  ),
  // Dates and zones
  breaks(
    'a day that does not exist',
    [OFFER, '"until": "2027-01-31"', '"until": "2027-02-30"'],
    ['11:48', '"2027-02-30" is not a day that exists; that month has 28 days'],
  ),
  breaks(
    'a date in another fashion',
    [OFFER, '2026-11-01', '01/11/2026'],
    ['11:25', '"01/11/2026" is not a date; write a day such as 2026-11-01 or an instant such as 2026-11-01T09:00:00Z'],
  ),
  breaks(
    'a schedule that ends before it begins',
    [OFFER, '2027-01-31', '2026-10-31'],
    [
      '11:48',
      '"until" must be later than "from"; it is in force from 2026-11-01 until just before 2026-10-31, which is never',
    ],
  ),
  breaks(
    'a mistyped time zone',
    [HERO, 'Europe/Brussels', 'Europe/Brusels'],
    ['5:15', 'unknown time zone "Europe/Brusels"; did you mean "Europe/Brussels"?'],
  ),
  // Conditions
  breaks(
    'a mistyped operator',
    [CAMERAS, 'greaterThanInclusive', 'greaterThen'],
    ['7:19', 'unknown operator "greaterThen"; did you mean "greaterThan"?'],
  ),
  breaks(
    'a mistyped decorator',
    [SEGMENT, '"contains"', '"someFacts:contains"'],
    ['4:61', 'unknown decorator "someFacts:"; did you mean "someFact"?'],
  ),
  breaks(
    'a mistyped fact',
    [CAMERAS, '"interactions"', '"interaction"'],
    ['5:15', 'unknown fact "interaction"; did you mean "interactions"?'],
  ),
  breaks(
    'a path that is a filter',
    [SEGMENT, '$.interests', '$.interests[?(@.x)]'],
    [
      '4:34',
      'the path "$.interests[?(@.x)]" can\'t be used: "[?(" is a filter or a script, which are off; ' +
        "a name that begins so is written $['`(…)']",
    ],
  ),
  breaks(
    'a path without its sign, by which nothing is found',
    [SEGMENT, '$.interests', '.interests'],
    ['4:34', 'the path ".interests" can\'t be used: it begins with "."; write "$.interests"'],
  ),
  breaks(
    'a condition without its operator',
    [SEGMENT, '"operator": "contains", ', ''],
    ['4:5', '"operator" is missing from this condition; add "operator", such as "equal" or "greaterThan"'],
  ),
  breaks(
    'a comparison at the root',
    [PETS, '{ "all": [ { "condition": "pet-lovers" } ] }', '{ "fact": "profile", "operator": "equal", "value": 1 }'],
    ['4:17', '"conditions" must begin with all, any, not or condition; put this comparison into { "all": [ … ] }'],
  ),
  breaks(
    'a comparison beside "any"',
    [SEGMENT, '{ "any": [', '{ "fact": "profile", "operator": "equal", "value": 1, "any": ['],
    [
      '3:19',
      '"fact" stands beside "any" in one condition, where it would not count; ' +
        'put the comparison into an object of its own',
    ],
    [
      '3:38',
      '"operator" stands beside "any" in one condition, where it would not count; ' +
        'put the comparison into an object of its own',
    ],
    [
      '3:59',
      '"value" stands beside "any" in one condition, where it would not count; ' +
        'put the comparison into an object of its own',
    ],
  ),
  breaks(
    'two of all, any and not in one place',
    [PETS, '{ "all": [', '{ "any": [], "all": ['],
    [
      '4:30',
      '"all" stands beside "any" in one condition, where only one of the two would count; put one inside the other',
    ],
  ),
  breaks(
    'a list that is not one',
    [PETS, '[ { "condition": "pet-lovers" } ]', '{ "condition": "pet-lovers" }'],
    ['4:26', '"all" must be a list of conditions [ … ]; got an object'],
  ),
  breaks(
    'a "not" over a list',
    [OFFER, '{ "not": { "condition": "owns-a-camera" } }', '{ "not": [ { "condition": "owns-a-camera" } ] }'],
    ['10:27', '"not" takes one condition, not a list; write "not": { "any": [ … ] }'],
  ),
  breaks(
    '"in" with one value',
    [SEGMENT, '"contains", "value": "pets"', '"in", "value": 3'],
    ['4:76', '"in" needs a list of values [ … ]; got 3'],
  ),
  breaks(
    'a comparison of size with true',
    [CAMERAS, '"value": 2', '"value": true'],
    ['7:52', '"greaterThanInclusive" needs a number; got true'],
  ),
  breaks(
    'a duration that is none',
    [CAMERAS, '"7d"', '"a week"'],
    ['6:56', '"a week" is not a duration; write a number and s, m, h, d or w, such as "30d", or "lifetime"'],
  ),
  breaks(
    'a mistyped parameter',
    [CAMERAS, '"within"', '"whithin"'],
    [
      '6:46',
      'unknown param "whithin"; the params of interactions are event, where, within, during, channel, aggregate, ' +
        'property',
    ],
  ),
  breaks(
    'an operator inside where',
    [
      'segments/owns-a-camera.json',
      '{ "category": "cameras" }',
      '{ "all": [ { "fact": "price", "operator": "moreThan", "value": 1 } ] }',
    ],
    ['4:122', 'unknown operator "moreThan"; did you mean "greaterThan"?'],
  ),
  breaks(
    'a fact reference to nothing',
    [CAMERAS, '"value": 2', '"value": { "fact": "profil" }'],
    ['7:62', 'unknown fact "profil"; did you mean "profile"?'],
  ),
  breaks(
    'a segment that asks for the segments',
    [SEGMENT, '"profile", "path": "$.interests"', '"segments"'],
    ['4:15', 'a segment can\'t ask for the list of segments; write { "condition": "…" } for the one meant'],
  ),
  // References
  breaks(
    'a mistyped segment',
    [PETS, '"condition": "pet-lovers"', '"condition": "pet-lover"'],
    ['4:43', 'unknown segment "pet-lover"; did you mean "pet-lovers"?'],
  ),
  breaks(
    'a mistyped offer',
    [PETS, '"offer": "pet-camera"', '"offer": "pet-cam"'],
    ['5:52', 'unknown offer "pet-cam"; did you mean "pet-camera"?'],
  ),
  breaks(
    'a mistyped placement',
    [CAMERAS, '"home.hero"', '"home.heros"'],
    ['3:19', 'unknown placement "home.heros"; did you mean "home.hero"?'],
  ),
  breaks(
    'an unknown fallback',
    [HERO, '"fallback": "welcome"', '"fallback": "wellcome"'],
    ['4:15', 'unknown offer "wellcome"; did you mean "welcome"?'],
  ),
  breaks(
    'a segment that leads back to itself',
    [SEGMENT, '"any": [', '"any": [ { "condition": "pet-lovers" },'],
    ['3:43', 'segments go round in a circle: pet-lovers -> pet-lovers; take one of these references out'],
  ),
  // Treatments
  breaks(
    'a treatment for nowhere',
    [OFFER, '"email": {', '"*": { "content": {} }, "e-mail": {'],
    ['8:29', '"e-mail" is no placement and no channel that a placement or a rule uses; did you mean "email"?'],
  ),
  breaks(
    'a template never closed',
    [OFFER, "{{ profile.petName | default: 'your pet' }}", '{{ profile.petName'],
    ['5:29', 'the template has a {{ that is not closed with }}: {{ profile.petName is up to'],
  ),
  breaks(
    'a mistyped filter',
    [OFFER, '{{ profile.petName }}', '{{ profile.petName | upcas }}'],
    ['8:38', 'unknown filter "upcas" in the template; did you mean "upcase"?'],
  ),
  breaks(
    'a template that reads a file',
    [OFFER, '{{ profile.petName }}', "{% include 'header' %}"],
    ['8:38', 'the tag "include" can\'t be used: a template is complete in itself and reads no other file'],
  ),
  breaks(
    'a mistyped name in a template',
    [OFFER, '{{ profile.petName }}', '{{ profil.petName }}'],
    ['8:38', 'unknown name "profil" in the template; did you mean "profile"?'],
  ),
  // Consent
  breaks(
    'an offer that needs a mistyped purpose',
    [OFFER, '"personalisation"', '"personalization"'],
    ['12:14', 'unknown purpose "personalization"; did you mean "personalisation"?'],
  ),
  breaks(
    'a fact that needs an unknown purpose',
    [CONSENT, '"interactions": "personalisation"', '"interactions": "ads"'],
    ['7:30', 'unknown purpose "ads"; known are partners, personalisation'],
  ),
  breaks(
    'a trait that needs a mistyped purpose',
    [CONSENT, '"partnerTier": "partners"', '"partnerTier": "partner"'],
    ['8:30', 'unknown purpose "partner"; did you mean "partners"?'],
  ),
  breaks(
    "a fact that can't be guarded",
    [CONSENT, '"interactions"', '"session"'],
    ['7:14', 'unknown property "session"; known are interactions, profile'],
  ),
  breaks(
    'a purpose with a name that no address can carry',
    [CONSENT, '"partners": {', '"our partners": {},\n"partners": {'],
    ['5:5', '"our partners" can\'t be a purpose; name it with letters, digits, ".", "_" and "-" only'],
  ),
  breaks(
    'a mistyped policy for the unknown',
    [CONSENT, '"unknown": "granted"', '"unknown": "grant"'],
    ['4:37', '"unknown" must be one of "granted", "denied"; got "grant"; did you mean "granted"?'],
  ),
  breaks(
    'a consent policy without purposes',
    [CONSENT, '"purposes"', '"purpose"'],
    ['1:1', '"purposes" is missing; add "purposes": { "personalisation": {} }, what visitors decide about'],
    ['3:3', 'unknown property "purpose"; did you mean "purposes"?'],
  ),
  breaks(
    'a case with a mistyped purpose',
    [CASE, '"partners"', '"partnes"'],
    ['3:87', 'unknown purpose "partnes"; did you mean "partners"?'],
  ),
  breaks(
    'a case with another word for consent',
    [CASE, '{ "status": "granted", "until": "2027-01-01" }', '"yes"'],
    ['3:99', 'consent is "granted" or "denied", or { "status": "granted", "until": "2027-01-01" }; got "yes"'],
  ),
  breaks(
    'a case whose consent has no status',
    [CASE, '"status": "granted", "until"', '"till": 1, "until"'],
    ['3:99', '"status" is missing; add "status": "granted" or "denied"'],
    ['3:101', 'unknown property "till"; known are status, until'],
  ),
  breaks(
    'a case whose consent ends on no day',
    [CASE, '2027-01-01', '2027-02-30'],
    ['3:131', '"2027-02-30" is not a day that exists; that month has 28 days'],
  ),
  // Cases
  breaks(
    'a case that expects an offer which is not there',
    [CASE, '[ "pet-camera" ]', '[ "pet-camra" ]'],
    ['6:30', 'unknown offer "pet-camra"; did you mean "pet-camera"?'],
  ),
  breaks(
    'a case that expects of a placement it does not ask',
    [CASE, '"expect": { "home.hero"', '"expect": { "home.her"'],
    ['6:15', 'the request of this case does not ask "home.her"; did you mean "home.hero"?'],
  ),
  breaks(
    'a case at no time',
    [CASE, 'T09:00:00Z', 'T09:00:00'],
    [
      '5:10',
      '"2026-11-20T09:00:00" does not say in which time zone; write "2026-11-20T09:00:00Z" for UTC, ' +
        'or its difference from UTC, as in "2026-11-20T09:00:00+01:00"',
    ],
  ),
];

describe('rules broken in many different ways', () => {
  test.each(BREAKAGES)('$what is named with its place and a remedy', ({ file, find, put, problems }) => {
    const text = SAMPLE[file] ?? '';
    expect(text.split(find).length - 1).toBeGreaterThanOrEqual(1);
    expect(problemsOf({ [file]: text.replace(find, () => put) })).toEqual(problems);
  });

  test('an offer without a treatment for a placement is named where it is put forward', () => {
    const text = (SAMPLE[OFFER] ?? '').replace('"email": {', '"web": {');
    expect(problemsOf({ [OFFER]: text })).toEqual([
      at(
        PETS,
        '3:32',
        'the offer "pet-camera" has no treatment for the placement "email.offer"; ' +
          'add "email.offer" or "email" or "*" to the treatments in rules/offers/pet-camera.json',
      ),
    ]);
  });

  test('a fallback without a treatment for its placement is named', () => {
    const text = (SAMPLE['offers/welcome.json'] ?? '').replace('"*"', '"email"');
    expect(problemsOf({ 'offers/welcome.json': text })).toEqual([
      at(
        HERO,
        '4:15',
        'the offer "welcome" has no treatment for the placement "home.hero"; ' +
          'add "home.hero" or "web" or "*" to the treatments in rules/offers/welcome.json',
      ),
    ]);
  });

  test('a circle of several segments is named in full, once', () => {
    const segment = (next: string) => `{ "name": "S",\n "conditions": { "not": { "condition": "${next}" } } }`;
    expect(
      problemsOf({ 'segments/a.json': segment('b'), 'segments/b.json': segment('c'), 'segments/c.json': segment('a') }),
    ).toEqual([
      'rules/segments/c.json:2:40 segments go round in a circle: a -> b -> c -> a; take one of these references out',
    ]);
  });

  test('one id in two files is a problem of the second that names the first', () => {
    const rule = SAMPLE[PETS] ?? '';
    expect(
      problemsOf({ 'contextual/pet-lovers-see-cameras.json': rule, 'segments/pet-lovers.yaml': 'name: x' }),
    ).toEqual([
      'rules/proactive/pet-lovers-see-cameras.json:1:1 the id "pet-lovers-see-cameras" is taken by ' +
        'rules/contextual/pet-lovers-see-cameras.json; rename one of the two',
      'rules/segments/pet-lovers.yaml:1:1 the id "pet-lovers" is taken by rules/segments/pet-lovers.json; ' +
        'rename one of the two',
    ]);
  });

  test('without a consent policy any purpose may be named', () => {
    expect(problemsOf({ [CONSENT]: undefined })).toEqual([]);
    expect(load({ [CONSENT]: undefined }).definitions.consent).toBeUndefined();
  });

  test('one broken file is one problem: what refers to it is not blamed', () => {
    expect(problemsOf({ [CONSENT]: '{' })).toEqual([
      'rules/policies/consent.json:1:1 this { is never closed; the file ends before its }',
    ]);
    expect(problemsOf({ [OFFER]: '{' })).toEqual([
      'rules/offers/pet-camera.json:1:1 this { is never closed; the file ends before its }',
    ]);
  });

  test('every problem of every file is named in one go, in the order of a reader', () => {
    const all = BREAKAGES.filter(({ what }) =>
      ['a mistyped operator', 'a mistyped offer', 'a mistyped filter'].includes(what),
    );
    const changes = Object.fromEntries(
      all.map(({ file, find, put }) => [file, (SAMPLE[file] ?? '').replace(find, put)]),
    );
    expect(problemsOf(changes)).toEqual(all.flatMap(({ problems }) => problems).sort());
  });

  test('no rulebook is made of a broken folder, but what is sound can be read', () => {
    const { rulebook, definitions } = load({ [OFFER]: '{' });
    expect(rulebook).toBeUndefined();
    expect([...definitions.offers.keys()]).toEqual(['welcome']);
  });
});
