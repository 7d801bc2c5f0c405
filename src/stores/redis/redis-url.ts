import { InvalidSettings, type UsherError } from '../../errors.js';

/** Where a Redis is. A comma-separated list of several is a Cluster, of which any node will do to find the others. */
export type RedisTarget =
  | { readonly kind: 'single'; readonly address: RedisNode | { readonly path: string }; readonly login: RedisLogin }
  | {
      readonly kind: 'sentinel';
      readonly master: string;
      readonly sentinels: readonly RedisNode[];
      readonly login: RedisLogin;
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[]; readonly login: RedisLogin };

/** A TCP address. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** What is said to every node once it is reached. */
export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: boolean;
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/**
 * Reads `REDIS_URL`: `redis://[user:password@]host[:port][/db]`, `rediss://` for TLS, `unix://path`,
 * `redis+sentinel://[user:password@]host[:port],host[:port]/master[/db]` (user and password are those of the Redis, not
 * of the Sentinels), or a comma-separated list of the first two for a Cluster, whose login is that of its first entry.
 * Throws {@link InvalidSettings}; the message never repeats the URL, which may hold a password.
 */
export function parseRedisUrl(text: string): RedisTarget {
  if (text.startsWith('unix://')) return { kind: 'single', address: { path: text.slice('unix://'.length) }, login: {} };
  if (text.startsWith('redis+sentinel://')) return parseSentinel(text);
  const [first, ...others] = text.split(',').map((url) => parseUrl(url.trim()));
  if (!first) throw malformed('is empty');
  if (others.length === 0) return { kind: 'single', ...first };
  // A Cluster has no numbered databases.
  const { db: _, ...login } = first.login;
  return { kind: 'cluster', nodes: [first, ...others].map(({ address }) => address), login };
}

function parseUrl(text: string): { address: RedisNode; login: RedisLogin } {
  if (!/^rediss?:\/\//.test(text)) throw malformed('must begin with redis://, rediss://, redis+sentinel:// or unix://');
  const url = URL.parse(text);
  if (!url?.host) throw malformed('is not a URL such as redis://host:6379/0');
  return {
    address: parseAddress(url.host, REDIS_PORT),
    login: {
      ...credentials(url.username, url.password),
      ...database(url.pathname.slice(1)),
      ...(url.protocol === 'rediss:' && { tls: true }),
    },
  };
}

function parseSentinel(text: string): RedisTarget {
  const parts = /^redis\+sentinel:\/\/(?:([^:@/]*):?([^@/]*)@)?([^@/]+)\/([^/]+)(?:\/(.*))?$/.exec(text);
  if (!parts) throw malformed('must look like redis+sentinel://host:26379,host:26379/master/0');
  const [, username = '', password = '', hosts = '', master = '', db = ''] = parts;
  return {
    kind: 'sentinel',
    master: decode(master),
    sentinels: hosts.split(',').map((address) => parseAddress(address.trim(), SENTINEL_PORT)),
    login: { ...credentials(username, password), ...database(db) },
  };
}

function parseAddress(address: string, fallbackPort: number): RedisNode {
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(address);
  const host = parts?.[1] ?? parts?.[2];
  if (host === undefined) throw malformed('has an address that is not host:port');
  return { host, port: parts?.[3] === undefined ? fallbackPort : Number(parts[3]) };
}

function credentials(username: string, password: string): RedisLogin {
  return {
    ...(username !== '' && { username: decode(username) }),
    ...(password !== '' && { password: decode(password) }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('has a % that is not followed by two hexadecimal digits');
  }
}

function database(text: string): RedisLogin {
  if (text === '') return {};
  if (!/^\d+$/.test(text)) throw malformed('names a database that is not a number');
  return { db: Number(text) };
}

function malformed(problem: string): UsherError {
  return new InvalidSettings([{ path: 'REDIS_URL', message: problem }]);
}
