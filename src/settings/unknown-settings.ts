import { didYouMean } from '../rulebook/read/suggest.js';

/** Names that other products use for what `REDIS_URL` says here, or that are easily written for it. */
const FOR_REDIS = /^(REDIS_?(URI|URLS|ADDR|ADDRESS|DSN|CONNECTION_STRING)|REDISURL|REDIS_TLS_URL)$/;
/** Standard variables that steer what Usher has not: its logs and propagation, or the SDK's own reports. */
const OTEL = /^OTEL_/;

/**
 * A line for each variable of the environment that looks as if it were meant for Usher and is read by nothing, with the
 * likely one meant. Others are somebody else's.
 */
export function unknownSettings(env: NodeJS.ProcessEnv, known: ReadonlySet<string>): string[] {
  return Object.keys(env)
    .filter((name) => !known.has(name))
    .sort()
    .flatMap((name) => complaint(name, known));
}

function complaint(name: string, known: ReadonlySet<string>): string[] {
  const upper = name.toUpperCase();
  if (FOR_REDIS.test(upper)) return [`${name} is not a setting of Usher${didMean('REDIS_URL')}`];
  if (OTEL.test(upper)) return [`${name} has no effect on Usher${near(upper, known, OTEL)}`];
  if (!upper.startsWith('USHER_')) return [];
  const bare = upper.slice('USHER_'.length);
  const meant = [upper, bare].find((one) => known.has(one));
  return [`${name} is not a setting of Usher${meant === undefined ? near(upper, known, /^USHER_/) : didMean(meant)}`];
}

function near(name: string, known: ReadonlySet<string>, kind: RegExp): string {
  const nearest = didYouMean(
    name,
    [...known].filter((one) => kind.test(one)),
  );
  return nearest.startsWith('; did') ? nearest : '; all settings are in docs/operations.md';
}

function didMean(name: string): string {
  return `; did you mean "${name}"?`;
}
