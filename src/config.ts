import { readFileSync } from 'node:fs';
import { readKeys, type Key } from './access/read-keys.js';
import { InvalidSettings, type Problem } from './errors.js';
import { authorLimits, numberReader, visitorLimits, type AuthorLimits } from './settings/limit-settings.js';
import { readOtelSettings, type OtelSettings } from './settings/otel-settings.js';
import { unknownSettings } from './settings/unknown-settings.js';
import { areHostNames, areNetworks, areOrigins, isRedisUrl, type ValueCheck } from './settings/value-checks.js';
import type { VisitorLimits } from './visitors/memory/limits.js';

/** Every setting of the service, read once from the environment. The table is in `docs/operations.md`. */
export interface Config extends AuthorLimits {
  readonly port: number;
  readonly host: string;
  /** The keys that callers may show. None: the service is open, and listens on loopback alone. */
  readonly keys: readonly Key[];
  /** By which a page proves whose it is; see `IdentitySecrets`. None: no proof is asked for. */
  readonly identitySecrets: readonly string[];
  /** Undefined: the embedded SQLite store under `dataDir`. */
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  readonly rulesDir: string;
  readonly keepInteractions: number;
  /** Days that interactions are kept, counted back from now; 0 keeps all. */
  readonly keepDays: number;
  /** For how many days a join of two visitors can be undone; 0 for none. */
  readonly splitDays: number;
  /** How many decisions the log keeps. */
  readonly keepDecisions: number;
  /** Ids that are guarded beside the usual ones, and ids that are let through. */
  readonly guardedIds: { readonly added: readonly string[]; readonly allowed: readonly string[] };
  /** The channels whose placements a key of the scope `desk` may decide for. */
  readonly deskChannels: readonly string[];
  /** How many refused events are kept, for as many days as interactions are. */
  readonly keepRejected: number;
  /** How large one visitor may become. */
  readonly limits: VisitorLimits;
  /** Whether a release is proposed with one key and activated with another. */
  readonly approvals: boolean;
  /** For which share of decisions, from 0 to 1, all that they depended on is kept. */
  readonly recordShare: number;
  /** How many of those are kept at most, and for how many days. */
  readonly keepRecorded: number;
  readonly keepRecordedDays: number;
  /** And how many bytes, with the documents that they were made from. */
  readonly keepRecordedBytes: number;
  /** The origins whose pages may call the routes of browsers; undefined for any. */
  readonly corsOrigins: readonly string[] | undefined;
  /** The names by which assistants may call, besides those of this machine. */
  readonly assistantHosts: readonly string[];
  /** The proxies whose word on the address that was called is taken: addresses, networks, `loopback` and the like. */
  readonly trustedProxies: readonly string[];
  /** How long a decision waits for the visitor's memory. */
  readonly deadlineMs: number;
  /** How long a body may take to come; of a stream of lines, how long it may be silent. */
  readonly bodyTimeoutMs: number;
  /** How many requests of a kind may be without their answer at once. */
  readonly maxInFlight: number;
  /** How many streams of releases may be open at once; 0 offers none. */
  readonly mostStreams: number;
  /** How many processes serve on the one port. */
  readonly processes: number;
  /** How long one command to Redis may take. */
  readonly redisTimeoutMs: number;
  /** How many replicas of Redis must have a place of a limit in total before it is granted. */
  readonly limitsWait: number;
  readonly otel: OtelSettings;
  readonly logLevel: LogLevel;
  /** What of the environment has no effect, though it looks as if it were meant to: to be told at start. */
  readonly warnings: readonly string[];
}

const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;
/** How much is logged: each level includes those before it. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * The environment, read through one frozen object. Throws {@link InvalidSettings} that names every bad setting at once.
 */
export function readConfig(given: NodeJS.ProcessEnv = process.env): Config {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const { env, asked } = noting(given);
  const number = numberReader(env, problems);
  const config: Config = {
    port: number('PORT', 3000, [0, 65_535]),
    host: env['HOST'] || '127.0.0.1',
    keys: keys(env, problems),
    identitySecrets: identitySecrets(env['USHER_IDENTITY_SECRET'], problems),
    redisUrl: checkedText(env, problems, ['REDIS_URL', isRedisUrl]),
    dataDir: env['USHER_DATA'] || 'data',
    rulesDir: rulesDir(env),
    keepInteractions: number('USHER_KEEP_INTERACTIONS', 500, [1, 100_000]),
    keepDays: number('USHER_KEEP_DAYS', 90, [0, 36_500]),
    splitDays: number('USHER_SPLIT_DAYS', 90, [0, 36_500]),
    keepDecisions: number('USHER_KEEP_DECISIONS', 1_000_000, [0, 1_000_000_000]),
    keepRejected: number('USHER_KEEP_REJECTED', 10_000, [0, 1_000_000]),
    guardedIds: { added: list(env['USHER_GUARDED_IDS']), allowed: list(env['USHER_ALLOWED_IDS']) },
    deskChannels: list(env['USHER_DESK_CHANNELS'] || 'call-centre,desk'),
    limits: visitorLimits(number),
    ...authorLimits(number),
    approvals: isSwitchedOn('USHER_APPROVALS', env, problems),
    recordShare: share(env['USHER_RECORD_SHARE'], env['REDIS_URL'] === undefined ? 1 : 0.01, problems),
    keepRecorded: number('USHER_KEEP_RECORDED', 100_000, [0, 100_000_000]),
    keepRecordedDays: number('USHER_KEEP_RECORDED_DAYS', 7, [1, 3_650]),
    keepRecordedBytes: number('USHER_KEEP_RECORDED_BYTES', 2 ** 30, [1_000_000, 2 ** 50]),
    ...trustedNames(env, problems),
    deadlineMs: number('USHER_DEADLINE_MS', 50, [1, 60_000]),
    bodyTimeoutMs: number('USHER_BODY_TIMEOUT_MS', 30_000, [100, 3_600_000]),
    maxInFlight: number('USHER_MAX_IN_FLIGHT', 1_000, [1, 100_000]),
    mostStreams: number('USHER_MOST_STREAMS', 1_000, [0, 100_000]),
    processes: number('USHER_PROCESSES', 1, [1, 128]),
    redisTimeoutMs: number('USHER_REDIS_TIMEOUT_MS', 1_000, [10, 60_000]),
    limitsWait: number('USHER_LIMITS_WAIT', 0, [0, 10]),
    otel: readOtelSettings(env, { problems, warnings }),
    logLevel: logLevel(env['USHER_LOG_LEVEL'], problems),
    warnings,
  };
  readClientConfig(env);
  if (config.identitySecrets.length > 0 && config.keys.length === 0)
    warnings.push('USHER_IDENTITY_SECRET has no effect without USHER_KEYS: without keys everybody may see everything');
  if (config.limitsWait > 0 && config.redisUrl === undefined)
    warnings.push('USHER_LIMITS_WAIT has no effect without REDIS_URL: SQLite has no replicas');
  warnings.push(...unknownSettings(given, asked));
  if (!problems.some(({ path }) => path.startsWith('USHER_KEYS')))
    problems.push(...exposureProblems(config), ...approvalProblems(config));
  if (problems.length > 0) throw new InvalidSettings(problems);
  return Object.freeze(config);
}

/**
 * The environment, where a blank is as if it were not set, and the names that it is asked for from now on: what nobody
 * asks for is known by nobody.
 */
function noting(given: NodeJS.ProcessEnv): { readonly env: NodeJS.ProcessEnv; readonly asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const env = new Proxy(given, {
    get: (target, name) => {
      if (typeof name !== 'string') return undefined;
      asked.add(name);
      return target[name]?.trim() === '' ? undefined : target[name];
    },
  });
  return { env, asked };
}

function isSwitchedOn(name: string, env: NodeJS.ProcessEnv, problems: Problem[]): boolean {
  const text = env[name];
  if (text === undefined || text === '0' || text === '1') return text === '1';
  problems.push({ path: name, message: `must be 1 or 0; got "${text}"` });
  return false;
}

/** What the commands of `usher` need that talk to a running service or only look at rule files. */
export interface ClientConfig {
  /** Where the service is. */
  readonly url: string;
  /** The key sent with every request; undefined sends none. */
  readonly key: string | undefined;
  readonly rulesDir: string;
}

/** The part of the environment that the command line reads. */
export function readClientConfig(env: NodeJS.ProcessEnv = process.env): ClientConfig {
  return Object.freeze({
    url: env['USHER_URL'] || 'http://127.0.0.1:3000',
    key: env['USHER_KEY'] || undefined,
    rulesDir: rulesDir(env),
  });
}

/** The parts of a comma-separated list, without blanks around them. */
function list(text = ''): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function rulesDir(env: NodeJS.ProcessEnv): string {
  return env['USHER_RULES'] || 'rules';
}

function keys(env: NodeJS.ProcessEnv, problems: Problem[]): readonly Key[] {
  const read = readKeys({ pairs: env['USHER_KEYS'] ?? '', file: keysFile(env['USHER_KEYS_FILE'], problems) });
  problems.push(...read.problems);
  return read.keys;
}

function keysFile(path: string | undefined, problems: Problem[]): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push({
      path: 'USHER_KEYS_FILE',
      message: `can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): "${path}"`,
    });
    return undefined;
  }
}

const MIN_SECRET_LENGTH = 32;

/** Problems name positions, never a secret. */
function identitySecrets(text: string | undefined, problems: Problem[]): readonly string[] {
  const secrets = list(text);
  const short = secrets.findIndex((secret) => secret.length < MIN_SECRET_LENGTH);
  if (short >= 0 || (text !== undefined && secrets.length === 0))
    problems.push({
      path: 'USHER_IDENTITY_SECRET',
      message:
        `must be secrets of at least ${MIN_SECRET_LENGTH} characters, apart by commas, such as those of ` +
        `\`openssl rand -hex 32\`; number ${short < 0 ? 1 : short + 1} is not`,
    });
  return secrets;
}

const LOOPBACK = /^(localhost|127(\.\d+){1,3}|::1|\[::1\]|::ffff:127(\.\d+){3})$/i;

/** What everybody could reach must not be open to everybody. */
function exposureProblems({ host, keys: known }: Config): Problem[] {
  if (known.length > 0 || LOOPBACK.test(host)) return [];
  return [
    {
      path: 'HOST',
      message:
        `"${host}" can be reached by other machines, and without keys whoever reaches Usher may read and change ` +
        'everything; keep to 127.0.0.1, or set USHER_KEYS',
    },
    {
      path: 'USHER_KEYS',
      message:
        'is not set; give it scope:key pairs, such as admin: and what `openssl rand -hex 16` prints, ' +
        'or name a file of them with USHER_KEYS_FILE',
    },
  ];
}

function share(text: string | undefined, fallback: number, problems: Problem[]): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  problems.push({ path: 'USHER_RECORD_SHARE', message: `must be a number from 0 to 1, such as 0.01; got "${text}"` });
  return fallback;
}

/** Two keys can only be told apart where there are keys. */
function approvalProblems({ approvals, keys: known }: Config): Problem[] {
  if (!approvals || known.length > 0) return [];
  return [
    {
      path: 'USHER_APPROVALS',
      message:
        'asks for one key that proposes and another that activates, and no keys are set; ' +
        'give USHER_KEYS one of the scope author and one of the scope approver',
    },
  ];
}

/** Whose word is taken, by the names that they go by. */
function trustedNames(
  env: NodeJS.ProcessEnv,
  problems: Problem[],
): Pick<Config, 'corsOrigins' | 'assistantHosts' | 'trustedProxies'> {
  const isAny = (env['USHER_CORS_ORIGINS']?.trim() ?? '*') === '*';
  return {
    corsOrigins: isAny ? undefined : checkedList(env, problems, ['USHER_CORS_ORIGINS', areOrigins]),
    assistantHosts: checkedList(env, problems, ['USHER_ASSISTANT_HOSTS', areHostNames]),
    trustedProxies: checkedList(env, problems, ['USHER_TRUSTED_PROXIES', areNetworks]),
  };
}

type Checked = readonly [name: string, wrongIn: ValueCheck];

function checkedList(env: NodeJS.ProcessEnv, problems: Problem[], checked: Checked): readonly string[] {
  return list(checkedText(env, problems, checked));
}

/** Undefined where it is not set, and where something is wrong with it. */
function checkedText(env: NodeJS.ProcessEnv, problems: Problem[], [name, wrongIn]: Checked): string | undefined {
  const text = env[name];
  const wrong = text === undefined ? undefined : wrongIn(text);
  if (wrong !== undefined) problems.push({ path: name, message: wrong });
  return wrong === undefined ? text : undefined;
}

function logLevel(text: string | undefined, problems: Problem[]): LogLevel {
  if (text === undefined) return 'log';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  problems.push({ path: 'USHER_LOG_LEVEL', message: `must be one of ${LOG_LEVELS.join(', ')}; got "${text}"` });
  return 'log';
}
