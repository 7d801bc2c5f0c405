import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as config from '../src/config.js';
import { aggregates } from '../src/engine/facts/aggregates.js';
import { factNames } from '../src/engine/facts/facts.js';
import { gates } from '../src/engine/gates.js';
import { decoratorNames, operatorNames } from '../src/engine/match/operators.js';
import { errorCodes } from '../src/errors.js';
import { kinds } from '../src/rulebook/kinds/kinds.js';
import {
  adrComplaints,
  type DeclaredWords,
  type Files,
  leftoverComplaints,
  linkComplaints,
  nameComplaints,
  roomComplaints,
  shownInVain,
  spellingComplaints,
  undocumentedExports,
  widthComplaints,
} from './tidy-checks.js';
import { disagreements, metricsMade, settingsAskedFor, tableBelow, unionWords } from './told-in-docs.js';

const root = join(import.meta.dirname, '..');
const IGNORED = new Set(['.git', 'node_modules', 'dist', 'data', 'coverage', 'package-lock.json', 'LICENSE']);
const NAMED = ['src', 'test', 'bench', 'docs', 'rules', 'schemas', 'sdk/node/src', 'sdk/node/test'];
const TEXT = /\.(ts|js|mjs|cjs|json|md|ya?ml|csv|ndjson)$|^[^.]+$|^\.\w+$/;

const files: Files = new Map(filesIn(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const under = (...folders: string[]): Files => pick((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
const documents = pick((path) => path.endsWith('.md'));
const reasonsAndErrors = read('docs/reasons-and-errors.md');

describe('the rooms', () => {
  test('are two levels deep at most, hold three files and are named after the domain', () => {
    expect(roomComplaints(under('src').keys())).toEqual([]);
  });

  test('are found untidy when they are deep, small, nameless or hold a barrel', () => {
    const bad = [
      'src/stores/redis/lua/cas.ts',
      'src/utils/dates.ts',
      'src/engine/index.ts',
      'src/engine/a.ts',
      'src/engine/a.spec.ts',
    ];
    expect(roomComplaints(bad)).toEqual([
      expect.stringContaining('two levels'),
      expect.stringContaining('utils/ is no word'),
      expect.stringContaining('no barrels'),
      expect.stringMatching(/^src\/stores\/: holds 1/),
      expect.stringMatching(/^src\/stores\/redis\/: holds 1/),
      expect.stringMatching(/^src\/stores\/redis\/lua\/: holds 1/),
      expect.stringMatching(/^src\/utils\/: holds 1/),
      expect.stringMatching(/^src\/engine\/: holds 2/),
    ]);
  });

  test('have twenty files side by side at most, specs apart', () => {
    const files = Array.from({ length: 21 }, (_, at) => `src/engine/a${at}.ts`);
    expect(roomComplaints(files)).toEqual([expect.stringMatching(/^src\/engine\/: has 21 files side by side/)]);
    expect(roomComplaints([...files.slice(1), 'src/engine/a.spec.ts'])).toEqual([]);
  });

  test('hold files named in kebab-case', () => {
    const named = [...under(...NAMED).keys()].filter((path) => !path.endsWith('README.md'));
    expect(nameComplaints(named)).toEqual([]);
    expect(
      nameComplaints(['src/engine/visitorView.ts', 'rules/offers/Pet_camera.json', 'rules/placements/home.hero.json']),
    ).toEqual([
      'src/engine/visitorView.ts: name it in kebab-case',
      'rules/offers/Pet_camera.json: name it in kebab-case',
    ]);
  });
});

describe('what a room shows', () => {
  test('is asked for by another room', async () => {
    const cruiser: string = '../.dependency-cruiser.cjs';
    const { default: rules } = (await import(cruiser)) as { default: CruiserRules };
    const faces = rules.forbidden.flatMap(({ name, to }) =>
      name.endsWith('-shows-few-files') ? [[name.replace('-shows-few-files', ''), faceIn(to.pathNot)] as const] : [],
    );
    expect(faces.map(([room]) => room)).toContain('engine');
    expect(shownInVain(files, Object.fromEntries(faces))).toEqual([]);
  });

  test('is found out when nobody does any more', () => {
    const rooms = new Map([
      ['src/engine/decide.ts', ''],
      ['src/engine/slate.ts', ''],
      ['src/engine/policy.ts', "import { Slate } from './slate.js';"],
      ['src/replay/replay.ts', "import { decide } from '../engine/decide.js';"],
      ['src/replay/replay.spec.ts', "import { Slate } from '../engine/slate.js';"],
    ]);
    expect(shownInVain(rooms, { engine: 'decide|slate' })).toEqual(['src/engine/slate.ts']);
  });
});

describe('the words of a decision', () => {
  const types = read('src/engine/answer.ts');
  const contract = [...under('src').values()].join('\n');

  test.each([
    ['Reasons', unionWords(types, 'Reason')],
    ['Gates', gates.map(({ name }) => name)],
    ['Served', unionWords(contract, 'Served')],
  ])('%s are documented, and nothing is that does not exist', (heading, words) => {
    expect(words).not.toEqual([]);
    expect(disagreements(words, firstColumn(reasonsAndErrors, heading), ['src', 'docs'])).toEqual([]);
  });

  test('error codes are documented with their HTTP status, and nothing is that does not exist', () => {
    const documented = tableBelow(reasonsAndErrors, 'Error codes').map(
      ([code, status]) => `${code} ${status === '-' ? 0 : status}`,
    );
    expect(
      disagreements(
        [...errorCodes].map(([code, status]) => `${code} ${status}`),
        documented,
        ['src/errors.ts', 'docs'],
      ),
    ).toEqual([]);
  });

  test('a word in one place only is noticed', () => {
    const source = "export type Reason =\n  | 'DEFAULT'\n  | 'STALE';";
    const docs =
      '# Words\n\n## Reasons\n\n| reason | meaning |\n|---|---|\n| `DEFAULT` | a \\| b |\n| `GONE` | |\n\n' +
      '## Other\n\n| x |\n|---|\n| `NOT` |\n';
    expect(disagreements(unionWords(source, 'Reason'), firstColumn(docs, 'Reasons'), ['code', 'docs'])).toEqual([
      'STALE: in code, missing in docs',
      'GONE: in docs, missing in code',
    ]);
  });
});

describe('a declared word', () => {
  const src = under('src');
  const words: readonly DeclaredWords[] = [
    {
      what: 'fact',
      // Segments are a kind of rule file too: their name is a member of `Definitions`, held by types. Rollouts and the
      // recording of requests have a share as well.
      words: factNames.filter((name) => name !== 'segments' && name !== 'share'),
      declaredIn: ['src/engine/facts/'],
      elsewhere: [
        {
          words: ['contacts'],
          files: [
            'src/rulebook/cases/case-limits.ts',
            'src/rulebook/schemas/rulebook-names.ts',
            'src/visitors/care/history-importer.ts',
            'src/visitors/intake/history-members.ts',
            'src/visitors/intake/read-contacts.ts',
          ],
          because: 'a member of cases, of what is known of a person, and of lines of an import',
        },
        {
          words: ['profile', 'interactions'],
          files: ['src/engine/visitor/consent.ts'],
          because: 'a consent policy calls the two parts of a memory so; facts are guarded by their source',
        },
        {
          words: ['profile', 'context', 'interactions', 'now'],
          files: ['template-context', 'template-problems', 'date-filters'].map(
            (name) => `src/rulebook/templates/${name}.ts`,
          ),
          because: 'a template has names of its own, and a filter of Liquid is called so',
        },
        {
          words: ['context', 'interactions', 'now', 'session'],
          files: [
            'src/decisions/decision-request.ts',
            'src/ofrep/describe-ofrep.ts',
            'src/ofrep/read-evaluation.ts',
            'src/visitors/intake/history-members.ts',
            'src/visitors/intake/incoming-event.ts',
            'src/visitors/intake/history-members.ts',
            'src/visitors/intake/read-history.ts',
          ],
          because: 'members of what comes in over HTTP',
        },
        {
          words: ['context'],
          files: ['src/proofs/people/made-up-visitor.ts'],
          because: 'the member of a request, as a case file tells it',
        },
        {
          words: ['now'],
          files: ['src/engine/values/time-frame.ts'],
          because: 'what dates are reckoned from, as their texts write it',
        },
        {
          words: ['sentiment'],
          files: ['src/engine/visitor/usual-single-view.ts'],
          because: 'the name of the property in which tools send the mood',
        },
      ],
    },
    {
      what: 'operator',
      // Words of every day, and of JavaScript: they stand for other things in most rooms.
      words: operatorNames.filter((name) => !['before', 'after', 'during'].includes(name)),
      declaredIn: [
        'src/engine/match/operators.ts',
        'src/engine/match/own-operators.ts',
        'src/engine/values/time-comparisons.ts',
      ],
      elsewhere: [
        {
          words: operatorNames,
          files: ['src/rulebook/check/operator-advice.ts', 'src/cli/flags/flag-conditions.ts'],
          because: 'what is meant by the words of other languages; a test holds each against the declarations',
        },
        {
          words: ['equal', 'contains'],
          files: ['src/engine/match/access.ts', 'src/engine/match/scope-index.ts'],
          because: 'the probes of the index are called so',
        },
      ],
    },
    {
      what: 'decorator',
      // `not` is a branch of the condition language too.
      words: decoratorNames.filter((name) => name !== 'not'),
      declaredIn: ['src/engine/match/operators.ts'],
      elsewhere: [],
    },
    {
      what: 'aggregate',
      words: aggregates.map(({ name }) => name),
      declaredIn: ['src/engine/facts/aggregates.ts'],
      elsewhere: [
        {
          words: ['count', 'first', 'last'],
          files: ['src/rulebook/templates/template-problems.ts'],
          because: 'the parts of interactions in a template',
        },
        {
          words: ['last'],
          files: ['src/rulebook/aside/rulebook-parts.ts'],
          because: 'the last part of a rulebook on its way',
        },
        {
          words: ['min', 'max'],
          files: ['src/engine/visitor/usual-single-view.ts'],
          because: 'names of properties by which tools tell a scale',
        },
      ],
    },
    {
      what: 'gate',
      words: gates.map(({ name }) => name),
      declaredIn: ['src/engine/gates.ts'],
      elsewhere: [{ words: ['HELD_OUT'], files: ['src/engine/answer.ts'], because: 'a reason of that name too' }],
    },
    {
      // Other kinds are gathered under the names of their folders: those are members of `Definitions`, held by types.
      what: 'kind of rule file',
      words: kinds
        .map(({ name }) => name)
        .filter((name) => !['placements', 'offers', 'segments', 'cases'].includes(name)),
      declaredIn: ['src/rulebook/kinds/', 'src/rulebook/read/rule-file.ts'],
      elsewhere: [
        {
          words: ['policies'],
          files: ['src/proofs/claims/ungranted-consent.ts', 'src/proofs/logic/proof.ts'],
          because: 'the address of a proof, which `usher check --json` prints; proofs know no files',
        },
        {
          words: ['search'],
          files: [
            'src/rulebook/aside/rulebook-parts.ts',
            'src/visitors/search.controller.ts',
            'src/visitors/search/search-keeper.ts',
            'src/visitors/search/search-query.ts',
          ],
          because: 'members of rulebooks and stores, and what is asked for in an address',
        },
      ],
    },
  ];

  test.each(words)('of the kind "$what" is spelt in its declaration, and nowhere else in src/', (declared) => {
    expect(declared.words).not.toEqual([]);
    expect(spellingComplaints(src, declared)).toEqual([]);
  });

  test('is found where it is spelt besides, and a reason that nothing needs any more is found too', () => {
    const planted = new Map([
      ['src/facts/profile-fact.ts', "export const profileFact = { name: 'profile' };"],
      ['src/words.ts', "if (fact === 'profile') say();\nconst profile = { profile: `profile` };"],
      ['src/words.spec.ts', "expect('profile')"],
      ['src/templates.ts', "const NAMES = ['profile'];"],
      ['src/file.ts', "root.get('profile'); 'profile' in root; root['profile']; import './profile.js';"],
    ]);
    const declared: DeclaredWords = {
      what: 'fact',
      words: ['profile'],
      declaredIn: ['src/facts/'],
      elsewhere: [{ words: ['profile'], files: ['src/templates.ts', 'src/gone.ts'], because: 'templates' }],
    };
    expect(spellingComplaints(planted, declared)).toEqual([
      'src/words.ts:1: spells the fact "profile"; read its declaration, or import it',
      'src/words.ts:2: spells the fact "profile"; read its declaration, or import it',
      'src/gone.ts: spells no fact any more; take it off the list',
    ]);
  });
});

describe('the metrics', () => {
  test('are in the table of docs/operations.md, and no others', () => {
    const made = metricsMade([...under('src').values()].join('\n'));
    expect(
      disagreements(made, firstColumn(read('docs/operations.md'), 'Metrics'), ['src', 'docs/operations.md']),
    ).toEqual([]);
  });

  test('are found where they are made', () => {
    expect(metricsMade("a.createCounter('hits', {});\nb.createHistogram(\n  'took', {})")).toEqual([
      'hits_total',
      'took',
    ]);
  });
});

describe('the settings', () => {
  const readers = Object.entries(config).flatMap(([name, value]) =>
    name.startsWith('read') && typeof value === 'function' ? [value] : [],
  );

  test('that src/config.ts reads are in the tables of docs/operations.md, and no others', () => {
    const documented = ['Settings', 'Settings of OpenTelemetry', 'Settings of the command line'].flatMap((heading) =>
      firstColumn(read('docs/operations.md'), heading),
    );
    expect(disagreements(settingsAskedFor(readers), documented, ['src/config.ts', 'docs/operations.md'])).toEqual([]);
  });

  test('are noticed by being asked for', () => {
    expect(settingsAskedFor([(env) => env['PORT'], (env) => env['USHER_KEY'] ?? env['PORT']])).toEqual(
      new Set(['PORT', 'USHER_KEY']),
    );
  });
});

describe('the documents', () => {
  test('of decisions are numbered and have every part', () => {
    const adrs = under('docs/decisions');
    expect(adrs.size).toBeGreaterThan(0);
    expect(adrComplaints(adrs)).toEqual([]);
  });

  test('of decisions are found wanting without a status, a date or a part, or with a number twice', () => {
    const whole =
      '# 0001 A\n\nStatus: Accepted\nDate: 2026-11-21\n\n## Context\n## Decision\n## Rejected options\n' +
      '## Consequences\n';
    expect(adrComplaints(new Map([['0001-a.md', whole]]))).toEqual([]);
    const lacking = whole
      .replace('Accepted', 'Maybe')
      .replace('2026-11-21', 'today')
      .replace('## Rejected options\n', '');
    expect(
      adrComplaints(
        new Map([
          ['0001-a.md', whole],
          ['0001-b.md', lacking],
        ]),
      ),
    ).toEqual([
      expect.stringMatching(/^0001-b\.md: decisions are numbered/),
      expect.stringContaining('Status:'),
      expect.stringContaining('Date:'),
      expect.stringContaining('Rejected options'),
    ]);
  });

  test('link to what is there', () => {
    expect(linkComplaints(documents, (path) => existsSync(join(root, path)))).toEqual([]);
  });

  test('are found out when a link leads nowhere', () => {
    const docs = new Map([
      [
        'README.md',
        '# Usher\n[a](docs/a.md#the-law) [b](docs/b.md) [c](#usher) [d](docs/a.md#gone) ' +
          '[e](https://example.com/x) `[f](g.md)`',
      ],
      ['docs/a.md', '## The law\n![picture](../README.md)\n```\n[x](y.md)\n```'],
    ]);
    expect(linkComplaints(docs, (path) => docs.has(path))).toEqual([
      'README.md: the link docs/b.md leads nowhere',
      'README.md: docs/a.md#gone names no heading there',
    ]);
  });
});

describe('the source', () => {
  test('says of all it exports what it promises', () => {
    const shipped = [...under('src', 'sdk/node/src')].filter(([path]) => !/\.(spec|contract)\.ts$/.test(path));
    expect(shipped.flatMap(([path, source]) => undocumentedExports(path, source))).toEqual([]);
  });

  test('is found silent where an export has no TSDoc comment', () => {
    const source = [
      '/** Says. */ export const a = 1;',
      'export const b = 2, c = 3;',
      '// not this kind',
      'export abstract class D {}',
      'export type { E } from "./e.js";',
      "export const F = defineError('F', 400, () => ({ message: 'f' }));",
      'const g = 1;',
    ].join('\n');
    expect(undocumentedExports('x.ts', source)).toEqual([
      'x.ts:2: say in a TSDoc comment what b promises',
      'x.ts:4: say in a TSDoc comment what D promises',
    ]);
  });

  test('has no line over 120 columns', () => {
    const typescript = [...under('src', 'test', 'bench', 'sdk')].filter(([path]) => path.endsWith('.ts'));
    expect(typescript.length).toBeGreaterThan(400);
    expect(typescript.flatMap(([path, source]) => widthComplaints(path, source))).toEqual([]);
  });

  test('is found too wide, but not for a regular expression or a text over several lines', () => {
    const wide = 'w'.repeat(121);
    const fits = `// ${'f'.repeat(117)}`;
    const source = [fits, `// ${wide}`, `const a = '${wide}';`, `/${wide}/;`, '`', wide, '`;', `\`${wide}\`;`].join(
      '\n',
    );
    expect(widthComplaints('x.ts', source)).toEqual([
      'x.ts:2: has 124 columns of 120; cut it, texts with a +',
      'x.ts:3: has 134 columns of 120; cut it, texts with a +',
      'x.ts:8: has 124 columns of 120; cut it, texts with a +',
    ]);
  });

  test('has no path of one machine, nothing unfinished, no check silenced without a reason', () => {
    expect(leftoverComplaints(files)).toEqual([]);
  });

  test('is found out when something was left over', () => {
    const [path, mark, silenced] = [
      ['', 'home', 'ann', 'usher'].join('/'),
      'TO' + 'DO',
      'eslint-' + 'disable-next-line',
    ];
    const text =
      `cd ${path}\n// ${mark} later\n// ${silenced} eqeqeq\n// ${silenced} eqeqeq -- null and undefined alike\n` +
      `// @ts-${'ignore'}\nhttps://example.com${path}`;
    expect(leftoverComplaints(new Map([['x.ts', text]])).map((complaint) => complaint.split(': ')[0])).toEqual([
      'x.ts:1',
      'x.ts:2',
      'x.ts:3',
      'x.ts:5',
    ]);
  });
});

interface CruiserRules {
  readonly forbidden: readonly { readonly name: string; readonly to: { readonly pathNot?: unknown } }[];
}

/** The names in `^src/<room>/(<names>)\\.ts$`. */
function faceIn(pathNot: unknown): string {
  return /^\^src\/\w+\/\((.+)\)\\\.ts\$$/.exec(String(pathNot))?.[1] ?? '';
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (IGNORED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return TEXT.test(entry.name) ? [relative(root, path).replaceAll(sep, '/')] : [];
  });
}

function pick(wanted: (path: string) => boolean): Files {
  return new Map([...files].filter(([path]) => wanted(path)));
}

function read(path: string): string {
  return files.get(path) ?? '';
}

function firstColumn(markdown: string, heading: string): string[] {
  return tableBelow(markdown, heading).map(([first = '']) => first);
}
