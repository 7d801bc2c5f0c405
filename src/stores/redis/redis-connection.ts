import type { Duplex } from 'node:stream';
import { Cluster, Command, Redis } from 'ioredis';
import { OutageWatch, type WatchOutages } from '../outage-watch.js';
import { REDIS_LIMIT_SCRIPTS, type RedisLimitCommands } from '../redis-scripts/limit-scripts.js';
import { REDIS_RECORDED_SCRIPTS, type RedisRecordedCommands } from '../redis-scripts/recorded-scripts.js';
import { REDIS_RELEASE_SCRIPTS, type RedisReleaseCommands } from '../redis-scripts/release-scripts.js';
import { REDIS_DECISION_SCRIPTS, type RedisDecisionCommands } from '../redis-scripts/decision-scripts.js';
import {
  REDIS_COMPARE_AND_APPEND,
  REDIS_COMPARE_AND_SET,
  REDIS_DROP_REJECTED,
  REDIS_KEEP_REJECTED,
  REDIS_SET_ASIDE,
} from '../redis-scripts/scripts.js';
import { parseRedisUrl, type RedisLogin, type RedisNode, type RedisTarget } from './redis-url.js';
import { storeFailure } from '../store-failure.js';
import type { StoreConnection } from '../store-connection.js';

/**
 * What the stores may ask of Redis. Commands sent without waiting for each other's answers take one round trip
 * together. (The automatic pipelines of ioredis are off: measured over a unix socket they made single reads and batches
 * slower, and one that hangs holds up those behind it.)
 */
export type RedisCommands = (Redis | Cluster) &
  RedisReleaseCommands &
  RedisRecordedCommands &
  RedisDecisionCommands &
  RedisLimitCommands & {
    /** See {@link REDIS_COMPARE_AND_SET}. */
    compareAndSet(key: string, from: string, ...value: Buffer[]): Promise<number>;
    /** See {@link REDIS_COMPARE_AND_APPEND}. */
    compareAndAppend(numberOfKeys: number, ...keysAndArguments: (string | Uint8Array)[]): Promise<number[]>;
    /** See {@link REDIS_SET_ASIDE}. */
    setAside(key: string, aside: string, version: string): Promise<number>;
    /** See {@link REDIS_KEEP_REJECTED}. */
    keepRejected(order: string, events: string, keep: number, ...firstAndPairs: string[]): Promise<number>;
    /** See {@link REDIS_DROP_REJECTED}. */
    dropRejected(order: string, events: string, ...ids: string[]): Promise<number>;
  };

/** How a connection behaves. */
export interface RedisConnectionOptions {
  /** How long one command may take; 1,000 where it is absent. */
  readonly commandTimeoutMs?: number;
  readonly watch?: WatchOutages;
}

const COMMAND_TIMEOUT_MS = 1_000;
const SHORTEST_CONNECT_TIMEOUT_MS = 2_000;
const SCRIPTS = {
  ...{
    compareAndSet: REDIS_COMPARE_AND_SET,
    compareAndAppend: REDIS_COMPARE_AND_APPEND,
    setAside: REDIS_SET_ASIDE,
  },
  ...{ keepRejected: REDIS_KEEP_REJECTED, dropRejected: REDIS_DROP_REJECTED },
  ...REDIS_RELEASE_SCRIPTS,
  ...REDIS_RECORDED_SCRIPTS,
  ...REDIS_DECISION_SCRIPTS,
  ...REDIS_LIMIT_SCRIPTS,
};

/**
 * A connection to a Redis, or to all nodes of a Cluster, and the only door to `ioredis`. While Redis is away commands
 * are rejected at once and none is queued; the connection comes back by itself. In a Cluster a command is tried again
 * for a few hundred milliseconds, as a failover may be under way.
 */
export class RedisConnection implements StoreConnection {
  private readonly client: RedisCommands;
  private readonly outages: OutageWatch;
  private isClosing = false;
  private gathering: Duplex | undefined;
  private readonly another: () => Redis | Cluster;
  private readonly subscriptions = new Set<() => void>();

  private constructor(url: string, { commandTimeoutMs = COMMAND_TIMEOUT_MS, watch = {} }: RedisConnectionOptions) {
    this.outages = new OutageWatch(watch);
    const target = parseRedisUrl(url);
    this.another = () => createClient(target, commandTimeoutMs);
    // The commands of `scripts` are put on the client as methods, which its type can't say.
    this.client = this.another() as RedisCommands;
    this.client.on('error', (error: Error) => this.outages.down(error.message));
    this.client.on('node error', (error: Error) => this.outages.down(error.message));
    this.client.on('close', () => this.isClosing || this.outages.down('the connection was closed'));
    this.client.on('ready', () => this.outages.up());
  }

  /**
   * Resolves once connected, or once the first try has failed: a service starts without its Redis and finds it later.
   * Throws `InvalidSettings` for a malformed URL.
   */
  static async open(url: string, options: RedisConnectionOptions = {}): Promise<RedisConnection> {
    const connection = new RedisConnection(url, options);
    await connection.firstTry(connectTimeoutOf(options.commandTimeoutMs));
    return connection;
  }

  /** Runs commands; rejects with `STORE_UNAVAILABLE` when they fail, at once when there is no connection. */
  async run<T>(send: (redis: RedisCommands) => Promise<T>): Promise<T> {
    if (this.client.status !== 'ready') throw storeFailure('no connection to Redis', this.outages.lastReason);
    this.gatherWrites();
    try {
      return await send(this.client);
    } catch (error) {
      throw storeFailure(reasonOf(error), error);
    }
  }

  /**
   * Every command of this turn of the event loop, whosever it is, leaves in one write: a system call costs more than
   * all else that is done for a command. A Cluster has a stream per node, which are left as they are.
   */
  private gatherWrites(): void {
    const { stream } = this.client as { readonly stream?: Duplex };
    if (!stream || this.gathering === stream) return;
    this.gathering = stream;
    stream.cork();
    setImmediate(() => this.letGo());
  }

  private letGo(): void {
    this.gathering?.uncork();
    this.gathering = undefined;
  }

  /** Calls it at the end of this turn of the event loop; what it sends leaves at once, with all else of the turn. */
  atEndOfTurn(send: () => void): void {
    setImmediate(() => {
      send();
      this.letGo();
    });
  }

  /** Whether values lie on several nodes, each of which may be away by itself. */
  get isCluster(): boolean {
    return this.client.isCluster;
  }

  /**
   * Calls `heard` for every message of a channel, over a connection of its own that comes back by itself; also each
   * time it is there again, as messages may have been missed. Ends with what is given back, or when this one is closed.
   */
  subscribe(channel: string, heard: () => void): () => void {
    const client = this.another();
    const end = () => {
      this.subscriptions.delete(end);
      client.disconnect();
    };
    const retry = () => void (this.subscriptions.has(end) && client.disconnect(true));
    this.subscriptions.add(end);
    // Of an outage the main connection tells.
    client.on('error', () => undefined);
    client.on('message', heard);
    client.on('ready', () => void client.subscribe(channel).then(heard, retry));
    return end;
  }

  /** The node of a Cluster that a key is on, by its name in the Cluster; undefined where it is no Cluster. */
  nodeOf(key: string): string | undefined {
    const { client } = this;
    if (!(client instanceof Cluster)) return undefined;
    const slot = new Command('get', [key]).getSlot() ?? 0;
    return client.slots[slot]?.[0] ?? '';
  }

  async ping(): Promise<void> {
    await this.run((redis) => redis.ping());
  }

  /** Redis refuses a command that could write before it looks at what it would write: here nothing, and no key. */
  async tryWrite(): Promise<void> {
    await this.run((redis) => redis.setrange('usher:probe', 0, ''));
  }

  /** Waits for what is under way, then disconnects for good. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const end of [...this.subscriptions]) end();
    if (this.client.status === 'ready') await this.client.quit().catch(() => undefined);
    if (this.client.status !== 'end') this.client.disconnect();
  }

  private async firstTry(timeoutMs: number): Promise<void> {
    if (this.client.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        resolve();
      };
      this.client.once('ready', settle);
      this.client.once('error', settle);
    });
  }
}

function createClient(target: RedisTarget, commandTimeoutMs: number): Redis | Cluster {
  const node = nodeOptions(target.login, commandTimeoutMs);
  if (target.kind === 'cluster') return createCluster(target.nodes, node, commandTimeoutMs);
  const options = { ...node, scripts: SCRIPTS, enableOfflineQueue: false, retryStrategy: backoff };
  if (target.kind === 'single') return new Redis({ ...options, ...target.address });
  // Without the detector, a master that was only cut off from the others would go on being written to.
  return new Redis({ ...options, sentinels: [...target.sentinels], name: target.master, failoverDetector: true });
}

function createCluster(nodes: readonly RedisNode[], redisOptions: NodeOptions, commandTimeoutMs: number): Cluster {
  return new Cluster([...nodes], {
    scripts: SCRIPTS,
    redisOptions,
    enableOfflineQueue: false,
    clusterRetryStrategy: backoff,
    maxRedirections: 4,
    slotsRefreshTimeout: Math.max(COMMAND_TIMEOUT_MS, commandTimeoutMs),
    // Certificates name hosts: with TLS the names that the nodes announce are kept.
    ...(redisOptions.tls && { dnsLookup: (address, done) => done(null, address) }),
  });
}

function nodeOptions({ tls, ...login }: RedisLogin, commandTimeoutMs: number) {
  return {
    ...login,
    ...(tls === true && { tls: {} }),
    connectionName: 'usher',
    // The client's own way of it lets a rejection go that nobody could catch, and would end the process.
    autoResubscribe: false,
    connectTimeout: connectTimeoutOf(commandTimeoutMs),
    commandTimeout: commandTimeoutMs,
    // The client waits so long for a connection to end that has ended already, and would keep the process meanwhile.
    disconnectTimeout: 0,
    // A node that takes commands and answers none for so long is given up, so that later ones fail at once.
    socketTimeout: 2 * commandTimeoutMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Behind a host name that moved on to another master, the old one answers so.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
}
type NodeOptions = ReturnType<typeof nodeOptions>;

/** Connecting takes several commands: where one may take longer, so may it. */
function connectTimeoutOf(commandTimeoutMs = COMMAND_TIMEOUT_MS): number {
  return Math.max(SHORTEST_CONNECT_TIMEOUT_MS, 2 * commandTimeoutMs);
}

function backoff(attempt: number): number {
  return Math.min(25 * 2 ** Math.min(attempt, 10), 1_000) + Math.floor(Math.random() * 25);
}

/** Says what a client of the service may know: what Redis answered, but no addresses. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Redis failed';
  if (/^(MOVED|ASK|CLUSTERDOWN|TRYAGAIN|Too many Cluster)/.test(error.message))
    return 'a part of the Redis Cluster is away';
  if (error.name === 'ReplyError') return `Redis: ${error.message}`;
  return error.message === 'Command timed out' ? 'Redis did not answer in time' : 'the connection to Redis was lost';
}
