import { InvalidSettings, type Problem } from './errors.js';

/** Every setting of the service, read once from the environment. The table is in `docs/operations.md`. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Undefined: the embedded SQLite store under `dataDir`. */
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  readonly rulesDir: string;
  readonly keepInteractions: number;
  /** Days that interactions are kept, counted back from now; 0 keeps all. */
  readonly keepDays: number;
  /** How many decisions the log keeps. */
  readonly keepDecisions: number;
  /** How long a decision waits for the visitor's memory. */
  readonly deadlineMs: number;
  readonly otlpEndpoint: string | undefined;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;
/** How much is logged: each level includes those before it. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The environment, read through one frozen object. Throws {@link InvalidSettings} that names every bad setting at once. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: Problem[] = [];
  const number = (name: string, fallback: number, [min, max]: readonly [number, number]): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push({ path: name, message: `must be a whole number from ${min} to ${max}; got "${text}"` });
    return fallback;
  };
  const config: Config = {
    port: number('PORT', 3000, [0, 65_535]),
    host: env['HOST'] || '127.0.0.1',
    redisUrl: redisUrl(env['REDIS_URL'], problems),
    dataDir: env['USHER_DATA'] || 'data',
    rulesDir: rulesDir(env),
    keepInteractions: number('USHER_KEEP_INTERACTIONS', 500, [1, 100_000]),
    keepDays: number('USHER_KEEP_DAYS', 90, [0, 36_500]),
    keepDecisions: number('USHER_KEEP_DECISIONS', 1_000_000, [0, 1_000_000_000]),
    deadlineMs: number('USHER_DEADLINE_MS', 50, [1, 60_000]),
    otlpEndpoint: env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined,
    logLevel: logLevel(env['USHER_LOG_LEVEL'], problems),
  };
  if (problems.length > 0) throw new InvalidSettings(problems);
  return Object.freeze(config);
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

function rulesDir(env: NodeJS.ProcessEnv): string {
  return env['USHER_RULES'] || 'rules';
}

function redisUrl(text: string | undefined, problems: Problem[]): string | undefined {
  if (text === undefined || text === '') return undefined;
  const whole = /^(unix|redis\+sentinel):\/\//.test(text);
  if (whole || text.split(',').every((url) => /^rediss?:\/\//.test(url.trim()))) return text;
  problems.push({
    path: 'REDIS_URL',
    message: 'must start with redis://, rediss://, redis+sentinel:// or unix://, or be a comma-separated list of those for a Cluster',
  });
  return undefined;
}

function logLevel(text: string | undefined, problems: Problem[]): LogLevel {
  if (text === undefined || text === '') return 'log';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  problems.push({ path: 'USHER_LOG_LEVEL', message: `must be one of ${LOG_LEVELS.join(', ')}; got "${text}"` });
  return 'log';
}
