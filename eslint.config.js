/**
 * The law of the house, as far as a linter can hold it; `.dependency-cruiser.cjs` holds the arrows between rooms and
 * `test/tidy.spec.ts` the rest. Where a rule can carry a message, the message says what to do instead.
 */
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.ts', '**/*.contract.ts', 'test/**/*.ts', 'sdk/*/test/**/*.ts'];
/** Their readers ask for a default export. */
const CONFIGS = [
  '*.config.js',
  '.dependency-cruiser.cjs',
  'test/reporter.mjs',
  'test/sequencer.mjs',
  'test/build-once.mjs',
  'test/environment.mjs',
  'test/remove-built.mjs',
];

/** Everywhere, tests and benchmarks included. */
const everywhere = [
  {
    selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
    message: 'No default exports: a named export has one name everywhere, and the file is called after it.',
  },
  { selector: 'TSEnumDeclaration', message: "No enums: a union of strings ('live' | 'paused') is its own JSON." },
];

/** The code that ships. */
const shipped = [
  {
    selector: ':matches(NewExpression, CallExpression)[callee.name=/^(Aggregate|Range|Reference|Syntax|Type)?Error$/]',
    message: 'No bare errors: throw a coded one from src/errors.ts, or return the failure as a value.',
  },
  {
    selector: 'ThrowStatement > NewExpression[callee.name=/Exception$/]',
    message: "Not Nest's exceptions: throw a coded error from src/errors.ts; one filter turns it into an answer.",
  },
];

const environment = {
  selector: 'MemberExpression[object.name="process"]:matches([property.name="env"], [property.value="env"])',
  message:
    'Only src/config.ts reads the environment: take the setting from Config, so that it is checked at boot and documented.',
};

/** What would make the engine's answer depend on anything but its arguments. */
const clockAndChance = [
  {
    selector:
      ':matches(MemberExpression[object.name="Date"][property.name="now"], NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"])',
    message: 'The engine has no clock: `now` is an argument, so that a decision can be replayed.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'The engine has no chance of its own: draw from the seed it is given, so that a decision can be replayed.',
  },
];

/**
 * What V8 makes among the old objects at once, dead or alive until all garbage is collected, and with it all that it
 * points at: of what is made for each decision that would be all that was read of the visitor.
 */
const madeOld = [
  {
    selector: ':matches(ObjectExpression > Property[kind="get"], PropertyDefinition > ArrowFunctionExpression)',
    message: 'It keeps what it points at alive until all garbage is collected: write a method or getter of a class.',
  },
];

/** What would make an answer depend on the time zone or the language that a machine is set to. */
const machine = [
  {
    selector:
      'MemberExpression[property.name=/^((get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds)|getTimezoneOffset|to(Date|Time)String|toLocale(Date|Time)String|toLocale(Upper|Lower)Case|localeCompare)$/]',
    message: 'It asks the zone or the language of the machine: use the UTC methods, or Intl with a locale and a zone.',
  },
  {
    selector:
      ':matches(CallExpression[callee.property.name="toLocaleString"][arguments.length=0], :matches(NewExpression, CallExpression)[callee.object.name="Intl"][callee.property.name=/^[A-Z]/][arguments.length=0])',
    message: 'It takes the language of the machine: name a locale.',
  },
  {
    selector:
      'NewExpression[callee.object.name="Intl"][callee.property.name="DateTimeFormat"]:not(:has(Property[key.name="timeZone"])):not(:has(SpreadElement))',
    message: 'It tells the time in the zone of the machine: name a timeZone.',
  },
  {
    selector:
      ':matches(NewExpression[callee.name="Date"][arguments.length>1], NewExpression[callee.name="Date"] > :matches(Literal[raw=/^[\'"]/], TemplateLiteral).arguments)',
    message:
      'A date made of parts or of a text may be read in the zone of the machine: use Date.UTC, or a parser of ours.',
  },
];

const waiting = [
  {
    selector:
      ':matches(:function[async=true], AwaitExpression, ForOfStatement[await=true], Identifier[name="Promise"])',
    message: 'The engine is synchronous: load before, record after. What must wait belongs in decisions/.',
  },
];

const pureGlobals = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({
    name,
    message: 'The engine has no timers: deadlines live in decisions/.',
  })),
  { name: 'process', message: 'The engine knows no process: settings are arguments.' },
  { name: 'performance', message: 'The engine has no clock: measure around decide(), not inside.' },
  { name: 'crypto', message: 'The engine has no chance of its own: draw from the seed it is given.' },
  { name: 'fetch', message: 'The engine reaches nothing: what it needs is an argument.' },
];

const unfinished = [
  {
    selector: 'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(skip|only|todo)$/]',
    message: 'No skipped, lonely or promised tests: mend it or delete it.',
  },
];

const restrict = (...lists) => ['error', ...lists.flat()];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/', 'studio/', 'sdk/*/dist/', 'sdk/*/examples/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: { console: false, fetch: false, module: true, process: false, setTimeout: false, URL: false },
    },
    rules: { 'no-restricted-syntax': restrict(everywhere) },
  },
  { files: CONFIGS, rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              importNames: ['forwardRef'],
              message: 'No forwardRef: two rooms that need each other are one room, or miss a third.',
            },
            { name: 'node:process', importNames: ['env'], message: environment.message },
          ],
        },
      ],
      'no-restricted-syntax': restrict(everywhere),
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A parser climbs out of its recursion with a plain value, caught where it was entered; no stack is wanted.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: [{ from: 'file', name: 'SyntaxProblem' }], allowRethrowing: true },
      ],
      // A walk down a tree may begin at `this`, and a scanner of texts means its control characters.
      '@typescript-eslint/no-this-alias': 'off',
      'no-control-regex': 'off',
      // A port's method is async even where SQLite answers at once, so that it always rejects and never throws.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-syntax': restrict(everywhere, shipped, environment, machine),
      'no-restricted-globals': restrict({
        name: 'console',
        message: 'Log through the logger: structured, levelled, and without personal data.',
      }),
    },
  },
  { files: ['src/config.ts'], rules: { 'no-restricted-syntax': restrict(everywhere, shipped, machine) } },
  { files: ['src/cli/**/*.ts'], ignores: SPECS, rules: { 'no-restricted-globals': 'off' } },
  { files: ['sdk/node/src/**/*.ts'], rules: { 'no-restricted-syntax': restrict(everywhere, machine) } },
  // Made from the schemas of the service: it reads like a list.
  { files: ['sdk/node/src/service-types.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['src/engine/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-syntax': restrict(everywhere, shipped, environment, machine, clockAndChance, waiting, madeOld),
      'no-restricted-globals': restrict(pureGlobals),
    },
  },
  {
    files: ['src/visitors/documents/**/*.ts', 'src/rulebook/templates/**/*.ts'],
    ignores: SPECS,
    rules: { 'no-restricted-syntax': restrict(everywhere, shipped, environment, machine, madeOld) },
  },
  {
    // What pages load has 3 KB: a closure that is taken apart is larger.
    files: ['sdk/browser/src/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: SPECS,
    rules: {
      // What a test takes apart fails at once where it should not be.
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-syntax': restrict(everywhere, unfinished),
      // Answers over HTTP are parsed JSON; the assertions that follow are their types.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
