/**
 * The forbidden arrows: who may not call whom. Each rule's comment is what a person reads who has drawn one.
 * A spec may import what it wants; what ships may not.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const SPEC = '\\.(spec|contract)\\.ts$';
const ROOMS_THAT_MEET_IN_APP_MODULE = ['decisions', 'tracking', 'authoring'];

/** What each room may import besides itself and packages: the list is short so that a reader of one room reads few. */
const MAY_IMPORT = {
  // Pure: how what comes in is read, by the same rules at every door.
  doors: ['engine'],
  visitors: ['engine', 'doors', 'stores', 'http', 'access'],
  rulebook: ['engine', 'doors', 'words'],
  // Pure: what a rule set says, whoever read it from wherever.
  proofs: ['engine'],
  serving: ['engine', 'rulebook', 'stores'],
  releases: ['engine', 'rulebook', 'serving', 'stores'],
  // Rules that are being written: what they come to is for releases/ to say.
  drafts: ['engine', 'releases', 'rulebook', 'stores'],
  replay: ['engine', 'decisions', 'stores', 'words'],
  words: ['engine'],
  // What a model says of visitors is remembered with them; of which offers and segments, the rules say that serve.
  learning: ['engine', 'doors', 'visitors', 'rulebook', 'serving', 'stores', 'http', 'access'],
  // What decisions take of limits, and what is left of them. Of rulebook/ the hints at names that were mistyped.
  limits: ['engine', 'visitors', 'rulebook', 'serving', 'stores', 'http', 'access'],
  // What becomes of decisions: it comes in as events do, and goes to the limits.
  outcomes: ['engine', 'limits', 'visitors', 'tracking', 'serving', 'stores', 'http', 'access'],
  // What pages load: files that ship with the code.
  sdk: ['http', 'access'],
  // What is decided, in the words of OpenFeature; of serving/ when that may have changed.
  ofrep: ['engine', 'decisions', 'serving', 'http', 'access'],
  // Tools for assistants: each asks the service that a route asks, and shows what that route shows.
  assistants: [
    ...['engine', 'decisions', 'limits', 'drafts', 'releases', 'authoring', 'replay', 'stores', 'http', 'access'],
  ],
  telemetry: ['stores', 'http', 'access', 'settings', 'processes'],
  processes: [],
  http: ['engine', 'doors'],
  access: [],
};

/**
 * The order of the rooms inside a room: each may import those that its list names, and the files beside the inner rooms
 * (`.`) only where it says so.
 */
const INSIDE = {
  assistants: {
    tools: ['.'],
    '.': ['tools'],
  },
  doors: {
    '.': [],
    bytes: ['.'],
    tables: ['.', 'bytes'],
    mapping: ['.', 'bytes', 'tables'],
  },
  engine: {
    language: [],
    values: ['language'],
    match: ['language', 'values'],
    visitor: ['language', 'match'],
    facts: ['language', 'values', 'match', 'visitor'],
    // What limits offers, judged from contacts.
    limits: ['language', 'values', 'visitor', 'facts'],
    '.': ['language', 'values', 'match', 'visitor', 'facts', 'limits'],
    explain: ['language', 'values', 'match', 'visitor', 'facts', 'limits', '.'],
  },
  rulebook: {
    read: [],
    schemas: ['read'],
    values: [],
    templates: ['read', 'values'],
    schedules: ['read'],
    check: ['read', 'schemas', 'templates', 'schedules'],
    limits: ['read', 'schedules', 'check'],
    arbitration: ['read', 'schedules', 'check'],
    kinds: ['read', 'schemas', 'templates', 'schedules', 'check', 'limits', 'arbitration'],
    build: ['read', 'templates', 'kinds'],
    cases: ['read', 'check', 'kinds', 'build'],
    aside: ['read', 'kinds', 'templates', 'build', 'cases'],
  },
  proofs: {
    logic: [],
    claims: ['logic', 'people'],
    people: ['logic'],
    '.': ['logic', 'claims'],
  },
  visitors: {
    bytes: [],
    contacts: ['bytes'],
    memory: ['contacts'],
    documents: ['memory', 'bytes', 'contacts'],
    intake: ['memory', 'contacts'],
    behind: ['memory', 'bytes', 'contacts', 'documents'],
    writing: ['memory', 'contacts', 'documents', 'behind'],
    profile: ['memory', 'contacts', 'documents', 'intake'],
    care: ['memory', 'contacts', 'documents', 'intake', 'writing', 'profile', '.'],
    // How people are found by what they say of themselves.
    search: ['memory', 'documents', 'profile', '.'],
    '.': ['memory', 'contacts', 'documents', 'intake', 'writing', 'profile', 'care', 'search'],
  },
  decisions: {
    recorded: [],
    batch: ['.'],
    '.': ['recorded', 'batch'],
  },
  stores: {
    redis: ['.', 'redis-scripts'],
    'redis-scripts': ['.'],
    sqlite: ['.', 'sqlite-writer', 'sqlite-blocks'],
    'sqlite-writer': ['.', 'sqlite-blocks'],
    'sqlite-blocks': [],
    personal: ['.'],
    '.': ['redis', 'sqlite', 'sqlite-writer', 'personal'],
  },
  cli: {
    rows: ['.'],
    rules: ['.'],
    // Flags of other systems become rule files as rules of others do.
    flags: ['rules'],
    replay: ['.', 'rules'],
    releases: ['.'],
    batch: ['.', 'rows'],
    '.': ['rows', 'rules', 'flags', 'replay', 'releases', 'batch'],
  },
};

/** What a room shows to the others. Whatever is not listed is nobody's business outside it. */
const FACES = {
  access: 'access-guard|author-rates|describe-access|needs|read-keys|scopes',
  assistants: 'assistants\\.module',
  authoring: 'authoring\\.module|answered-draft|shown-(check|release)',
  decisions:
    'decisions\\.(module|controller|service)|decision-(answer|door|request)|fallback-answers|recorded-decision|' +
    'warm-up|batch/batch-pace|recorded/(recorded-lines|recent-documents)',
  doors:
    'exact-json|find-in-json|guarded-ids|held-number|json-in-turns|parse-json|read-id|read-name|write-with-repeats|' +
    'bytes/(charset|charset-in|decode-bytes|decode-in-turns|decode-text|to-utf8|unpack)|' +
    'tables/(csv-table|ndjson|ndjson-rows|row)|' +
    'mapping/(column-source|map-row|mapping|own-mapping|unread-numbers)',
  engine:
    'answer|compile|decide|decision-run|gates|rulebook|score|text-budget|explain/(explain|explanation|visitor-standing)|' +
    'limits/(compile-limits|known-limits|offer-limits|quiet-hours|reservations)|' +
    'language/(condition-definition|definitions|is-object|json|millis|repeated-name|search-definition|written-number)|' +
    'match/(operator-declaration|operators|own-operators|path)|facts/(fact-declaration|facts|value-shape)|' +
    'visitor/(contacts|happened|interaction|interaction-columns|interaction-log|message-source|outcome-events|search-policy|single-view|single-view-policy|visitor)|' +
    'values/(bucket|calendar-window|count-window|moment|number-in|read-time|time-comparisons|version|wall-clock)',
  drafts: 'drafts\\.module|drafts\\.service|draft-files|shown-draft',
  http: '(?!read-past).+',
  learning: 'learning\\.module|propensity-table',
  limits: 'limits\\.module|offers\\.service|counter-ref|offer-standing|reserver|token-maker',
  ofrep: 'ofrep\\.(module|controller)',
  outcomes: 'outcomes\\.module',
  proofs: 'prove|logic/proof',
  releases:
    'releases\\.module|releases\\.service|built-releases|begin-serving|diff-releases|release-folder|rollout-changes|rules-folder|unfit-files',
  replay: 'replay|recorded|recorded-decisions|replay-report',
  rulebook:
    'aside/(load-rules|try-release)|build/load-rulebook|' +
    'cases/(case-conditions|case-coverage|case-places|case-runs|case-time|check-release|cross-check-cases|run-cases)|' +
    'kinds/(check-rules|kind-declaration|kinds|passed-over|read-rules|walk-rules)|' +
    'read/(findings|instant|read-json|rule-file|rule-problem|suggest|watch-folder)|' +
    'schemas/(rulebook-names|schema-with-names)|templates/treatment-lookup',
  sdk: 'sdk\\.module',
  serving:
    'warnings-text|rulebook\\.module|rulebook\\.service|serving-rulebooks|releases-at-hand|release-copies|rollout-follower',
  stores:
    'stores\\.module|open-stores|decision-log|draft-store|erasures|limit-store|next-version|recorded-inputs|' +
    'offer-figures|rejected-events|release-store|retry-lost-races|search-index|store-connection|visitor-store|' +
    'personal/(personal-records|personal-records-list|waiting-records)',
  telemetry: 'telemetry\\.module|service-logger|start-telemetry',
  tracking: 'tracking\\.(module|controller|service)|event-intake|event-receipt|sender',
  visitors:
    'visitors\\.module|visitors\\.service|guarded-met|seen-visitor|search-policies|single-view-policies|rejected-keeper|documents/codec|care/(history-importer|import-visitors|refused-rows|table-body)|' +
    'intake/(event-time|incoming-event|read-history|outcome-judge|rejected-entry|request-channel)|' +
    'memory/(browser-made|limits|memory-event)|' +
    'writing/(new-id|seen-so-far|visitor-writer)',
  words: '.+',
};

const FOR_ALL_BUT_ENGINE = '^src/(doors/|(errors|config|recurring)\\.ts$)';

const standsAlone = (room) => ({
  name: `${room}-stands-alone`,
  comment:
    `${room}/ knows ${['itself', ...MAY_IMPORT[room].map((other) => `${other}/`)].join(', ')}, doors/, ` +
    'errors.ts, config.ts and recurring.ts, ' +
    'neither its neighbours nor its callers: it can then be read, tested and replaced by itself. ' +
    'Hand it what it needs as an argument, or let a room that knows both bring them together.',
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: SPEC },
  to: { path: '^src/', pathNot: [`^src/(${[room, ...MAY_IMPORT[room]].join('|')})/`, FOR_ALL_BUT_ENGINE] },
});

const meetsInAppModule = (room) => {
  const others = ROOMS_THAT_MEET_IN_APP_MODULE.filter((other) => other !== room);
  return {
    name: `${room}-meets-others-in-app-module`,
    comment:
      `${room}/ does not import ${others.map((other) => `${other}/`).join(' or ')}: these rooms face the outside and meet only in ` +
      'app.module.ts. What two of them need belongs in the room below that owns it: visitors/, rulebook/, stores/ or engine/.',
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: SPEC },
    to: { path: `^src/(${others.join('|')})/` },
  };
};

const insideOf = (room) =>
  Object.keys(INSIDE[room]).map((inner) => {
    const allowed = [inner, ...INSIDE[room][inner]];
    const folders = allowed.filter((one) => one !== '.');
    const here = inner === '.' ? `^src/${room}/[^/]+\\.ts$` : `^src/${room}/${inner}/`;
    return {
      name: `${room}-inside-${inner === '.' ? 'top' : inner}`,
      comment:
        `In ${room}/, ${inner === '.' ? 'the files beside the inner rooms import' : `${inner}/ imports`} ${folders.map((one) => `${one}/`).join(', ') || 'nothing'}` +
        `${allowed.includes('.') ? ' and the files beside them' : ''} and nothing else of ${room}/: ` +
        'what both of two inner rooms need belongs in the lower one. The order stands in INSIDE, in .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: here, pathNot: SPEC },
      to: {
        path: `^src/${room}/`,
        pathNot: [
          ...folders.map((one) => `^src/${room}/${one}/`),
          ...(allowed.includes('.') ? [`^src/${room}/[^/]+\\.ts$`] : []),
        ],
      },
    };
  });

const faceOf = (room) => ({
  name: `${room}-shows-few-files`,
  comment:
    `${room}/ shows the files that FACES in .dependency-cruiser.cjs lists; the rest is its own business, free to change. Ask one of those ` +
    'for what you need, or move what you need into one of them.',
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/${room}/`, SPEC] },
  to: { path: `^src/${room}/`, pathNot: `^src/${room}/(${FACES[room]})\\.ts$` },
});

const oneDoor = (name, to, [from, comment]) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: [from, SPEC] },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'packages-stand-alone',
      comment:
        'A package of sdk/ is installed without the service and without anything else: it imports itself and Node. Types ' +
        'of the service come from its schemas, by `npm run schemas`.',
      severity: 'error',
      from: { path: '^sdk/node/src/' },
      to: { pathNot: '^sdk/node/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'service-without-packages',
      comment: 'The service is built and runs without sdk/: what both need is in the contract between them.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: '^sdk/|^node_modules/@usher/' },
    },
    {
      name: 'engine-is-pure',
      comment:
        'engine/ imports nothing but itself: no Nest, no store, no package, no part of Node. A decision is then a function ' +
        'of its arguments, and preview, replay and rule cases are that same function. Hand it what it needs as an argument.',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: SPEC },
      to: { pathNot: '^src/engine/' },
    },
    oneDoor('one-door-to-json-rules-engine', '(^|/)node_modules/json-rules-engine/', [
      '^src/rulebook/check/reference-match\\.ts$',
      'json-rules-engine has one door, src/rulebook/check/reference-match.ts: it judges syntax and is the reference that the ' +
        'compiled matcher is held against, never the matcher of a decision: it is asynchronous and slow.',
    ]),
    oneDoor('one-door-to-redis', '(^|/)node_modules/ioredis/', [
      '^src/stores/redis/redis-connection\\.ts$',
      'ioredis has one door, src/stores/redis/redis-connection.ts: single, Sentinel and Cluster differ there and nowhere else. ' +
        'Outside stores/, ask a port (an abstract class in stores/).',
    ]),
    oneDoor('one-door-to-sqlite', '^(node:)?sqlite$', [
      '^src/stores/sqlite-writer/sqlite-file\\.ts$',
      'node:sqlite has one door, src/stores/sqlite-writer/sqlite-file.ts: pragmas and migrations stand there and nowhere else. ' +
        'Outside stores/, ask a port (an abstract class in stores/).',
    ]),
    oneDoor('files-are-read-in-few-rooms', '^(node:)?fs(/promises)?$', [
      '^src/((rulebook/(read|kinds|aside|schemas)|serving|releases|cli|settings)/|(config|http/answer-schemas|sdk/kit-file)\\.ts$)',
      'Files are read in rulebook/ (rule files), serving/ and releases/ (copies of them, which the service can do without), ' +
        'cli/ (what a person names), config.ts and settings/ (what settings name) http/answer-schemas.ts and sdk/kit-file.ts (what ' +
        'ships with the code) only: the rest of the service keeps what it keeps in a store, so that it runs on a read-only disk and in several replicas.',
    ]),
    ...Object.keys(MAY_IMPORT).map(standsAlone),
    ...Object.keys(INSIDE).flatMap(insideOf),
    ...Object.keys(FACES).map(faceOf),
    {
      name: 'doors-read-the-types-of-json',
      comment:
        'doors/ turns bytes and texts into values, and what the values mean is for its callers: of engine/ it imports ' +
        'language/json.ts, is-object.ts, millis.ts, written-number.ts and repeated-name.ts only, and of values/ how ' +
        'numbers and times are read.',
      severity: 'error',
      from: { path: '^src/doors/', pathNot: SPEC },
      to: {
        path: '^src/engine/',
        pathNot:
          '^src/engine/(language/(json|is-object|millis|repeated-name|written-number)|' +
          'values/(number-in|read-time|wall-clock))\\.ts$',
      },
    },
    ...ROOMS_THAT_MEET_IN_APP_MODULE.map(meetsInAppModule),
    {
      name: 'stores-know-no-caller',
      comment:
        'stores/ imports no room but engine/ (for types): a store loads and compares-and-sets, and knows nothing of what ' +
        'its documents mean. The meaning lives with its caller.',
      severity: 'error',
      from: { path: '^src/stores/', pathNot: SPEC },
      to: { path: '^src/', pathNot: ['^src/(stores|engine)/', FOR_ALL_BUT_ENGINE] },
    },
    {
      name: 'rooms-do-not-know-the-roof',
      comment:
        'A room imports neither app.module.ts, main.ts nor cli/: those put the rooms together, and an arrow back is a cycle in waiting.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: ['^src/cli/', SPEC] },
      to: { path: '^src/(cli/|(app\\.module|main)\\.ts$)' },
    },
    {
      name: 'src-stands-without-its-tests',
      comment: 'src/ imports nothing of test/, bench/, studio/ or sdk/: what ships does not lean on what does not.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: '^(test|bench|studio|sdk)/' },
    },
    {
      name: 'what-ships-is-not-a-spec',
      comment: 'What ships imports no spec and no contract suite: they are left out of the build.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: SPEC },
    },
    {
      name: 'only-declared-packages',
      comment:
        'Import only packages that package.json names under dependencies: a package of a package goes when that one changes its mind.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'This import leads nowhere. Relative imports end in .js and name a file beside this one.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment:
        'Files that import each other in a circle, be it of types only, can only be understood together: move what both need into a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment:
        'No import leads here from main.ts, the command line, the process that works on rulebooks, the thread that writes to SQLite or the library: code that only a spec runs is dead. Call it or delete it.',
      severity: 'error',
      from: {
        path: '^src/(main|cli/usher|rulebook/aside/worker-process|stores/sqlite-writer/writer-thread|engine/match/compile-rules)\\.ts$',
      },
      to: {
        path: '^src/',
        pathNot: [
          SPEC,
          '^src/(main|cli/usher|rulebook/aside/worker-process|stores/sqlite-writer/writer-thread|engine/match/compile-rules)\\.ts$',
        ],
        reachable: false,
      },
    },
    {
      name: 'no-barrels',
      comment:
        'No index.ts: import from the file that has the thing. A barrel hides where things are and makes cycles.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^|/)index\\.ts$', pathNot: 'node_modules' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types draw arrows too: a room that needs another's types knows it.
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
