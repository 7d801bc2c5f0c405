import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

/** A private Redis, reached through a unix socket unless said otherwise. Whoever starts it stops it. */
export interface RedisServer {
  /** For `REDIS_URL`. */
  readonly url: string;
  /** Ends it in good order and removes its folder. */
  stop(): Promise<void>;
  /** `kill -9`; {@link restart} brings it back at the same address. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Takes connections and commands but answers nothing, as a machine does that hangs, until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Sends one command, its words apart by spaces, and resolves with the first piece of the raw reply. */
  ask(command: string): Promise<string>;
}

/** How long those who test may wait for an answer: no test fails as the machine has other work. */
export const PATIENT = { commandTimeoutMs: 30_000 };

/** The same for a service, and how long its decisions wait for the visitor. */
export const PATIENT_SETTINGS = {
  USHER_REDIS_TIMEOUT_MS: String(PATIENT.commandTimeoutMs),
  USHER_DEADLINE_MS: '60000',
  USHER_CHECK_TIMEOUT_MS: '600000',
};

/** What may be asked of a private Redis. */
export interface RedisServerOptions {
  /** Keeps what is written in an append-only file, so that it outlives a kill. */
  readonly appendOnly?: boolean;
  /** Listens on this port of 127.0.0.1 as well. */
  readonly port?: number;
  /** More arguments, as on the command line. */
  readonly args?: readonly string[];
}

/** Starts a `redis-server` and waits until it answers. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-redis-'));
  const socket = join(folder, 'redis.sock');
  const start = () => launch(argumentsFor(folder, socket, options), socket);
  let server = await start();
  const kill = () => end(server, 'SIGKILL');
  return {
    url: options.port === undefined ? `unix://${socket}` : `redis://127.0.0.1:${options.port}`,
    async stop() {
      server.kill('SIGCONT');
      await end(server, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill,
    async restart() {
      await kill();
      server = await start();
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    ask: (command) => ask(socket, command),
  };
}

/** The servers of a private Cluster. */
export interface RedisClusterServers {
  readonly url: string;
  /** The masters, each of its share of the slots. */
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/**
 * A Cluster of private servers, each a master of its share of the slots; `url` names one of them, twice. With
 * `replicas` each has another that takes its place within some seconds after it dies.
 */
export async function startRedisCluster(size = 2, { replicas = false } = {}): Promise<RedisClusterServers> {
  const ports = await Promise.all(Array.from({ length: replicas ? 2 * size : size }, freePort));
  // Longer than a busy machine may keep a node from answering the others.
  const timeout = replicas ? '3000' : '60000';
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', timeout, '--cluster-require-full-coverage', 'no'];
  const all = await Promise.all(ports.map((port) => startRedis({ port, args })));
  const [nodes, others] = [all.slice(0, size), all.slice(size)];
  for (const [index, node] of nodes.entries()) {
    await node.ask(`CLUSTER ADDSLOTS ${slotsOf(index, size).join(' ')}`);
    await node.ask(`CLUSTER MEET 127.0.0.1 ${ports[0]}`);
  }
  for (const node of others) await node.ask(`CLUSTER MEET 127.0.0.1 ${ports[0]}`);
  await Promise.all(all.map((node) => until('the Redis Cluster', () => isWhole(node, size, all.length))));
  for (const [index, node] of others.entries()) await follow(node, nodes[index]);
  const url = `redis://127.0.0.1:${ports[0]}`;
  return { url: `${url},${url}`, nodes, stop: async () => void (await Promise.all(all.map((node) => node.stop()))) };
}

/** Makes a node the replica of a master, and waits until it has all that the master has. */
async function follow(node: RedisServer, master: RedisServer | undefined): Promise<void> {
  const id = /[\da-f]{40}/.exec((await master?.ask('CLUSTER MYID')) ?? '')?.[0] ?? '';
  await until('a replica of a Cluster', async () => (await node.ask(`CLUSTER REPLICATE ${id}`)).startsWith('+OK'));
  await until('a replica to be in step', async () =>
    (await node.ask('INFO replication')).includes('master_link_status:up'),
  );
}

/** A Redis and a Sentinel that watches it under the name `main`; `url` leads through the Sentinel. */
export async function startRedisWithSentinel(): Promise<{ url: string; stop(): Promise<void> }> {
  const [port = 0, sentinelPort = 0] = await Promise.all([freePort(), freePort()]);
  const redis = await startRedis({ port });
  const folder = await mkdtemp(join(tmpdir(), 'usher-sentinel-'));
  const socket = join(folder, 'sentinel.sock');
  const file = join(folder, 'sentinel.conf');
  const lines = [`port ${sentinelPort}`, 'bind 127.0.0.1', `unixsocket ${socket}`, `dir ${folder}`, 'loglevel warning'];
  await writeFile(file, [...lines, `sentinel monitor main 127.0.0.1 ${port} 1`, ''].join('\n'));
  const sentinel = await launch([file, '--sentinel'], socket);
  return {
    url: `redis+sentinel://127.0.0.1:${sentinelPort}/main`,
    async stop() {
      await end(sentinel, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
      await redis.stop();
    },
  };
}

function argumentsFor(
  folder: string,
  socket: string,
  { appendOnly = false, port = 0, args = [] }: RedisServerOptions,
): string[] {
  return [
    ...['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', socket, '--dir', folder],
    ...['--save', '', '--appendonly', appendOnly ? 'yes' : 'no', '--loglevel', 'warning', ...args],
  ];
}

async function launch(args: readonly string[], socket: string): Promise<ChildProcess> {
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const killWithThisProcess = () => server.kill('SIGKILL');
  process.once('exit', killWithThisProcess);
  server.once('exit', () => process.off('exit', killWithThisProcess));
  const failed = once(server, 'exit').then(() => {
    throw new Error(`redis-server did not start:\n${output}`);
  });
  const isThere = async () => hasEnded(server) || (await ask(socket, 'PING')).startsWith('+PONG');
  await Promise.race([failed, until('redis-server', isThere)]);
  failed.catch(() => undefined);
  return server;
}

async function end(server: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(server)) return;
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function ask(socketPath: string, command: string): Promise<string> {
  const socket = connect(socketPath);
  try {
    await once(socket, 'connect');
    socket.write(`${command}\r\n`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString();
  } finally {
    socket.destroy();
  }
}

/** Whether a node knows of all others, and which of them have slots. */
async function isWhole(node: RedisServer, masters: number, nodes: number): Promise<boolean> {
  if (!(await node.ask('CLUSTER INFO')).includes('cluster_state:ok')) return false;
  const lines = (await node.ask('CLUSTER NODES')).split('\n').filter((line) => /\bconnected\b/.test(line));
  return lines.length === nodes && lines.filter((line) => /connected \d/.test(line)).length === masters;
}

/** One range each, as operators deal them: of thousands of ranges each client would hear again and again. */
function slotsOf(index: number, size: number): number[] {
  return Array.from({ length: 16_384 }, (_, slot) => slot).filter(
    (slot) => Math.floor((slot * size) / 16_384) === index,
  );
}

/**
 * A port of 127.0.0.1 that nobody listens on. A Cluster's nodes talk to each other on the one 10,000 higher, so
 * both are free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const outcome = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (outcome) await new Promise((resolve) => server.close(resolve));
  return outcome;
}
