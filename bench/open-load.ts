/**
 * An open load in a process of its own: requests leave when they are due, whether or not those before are answered, and
 * their time counts from when they were due. It speaks HTTP by hand over plain sockets, as Node's client would be the
 * one that is overloaded. Reads what to do from its first argument, prints what it saw as JSON.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from './random.ts';

/** Requests per second for some time. */
export interface Stretch {
  readonly rate: number;
  readonly seconds: number;
}

/** What is to be done. */
export interface OpenLoadOptions {
  readonly url: string;
  /** A file of request bodies, one a line. */
  readonly bodies: string;
  /** One after the other, without a pause. */
  readonly stretches: readonly Stretch[];
}

/** What became of a request; `failed` is any answer but 200, or none. */
export type Fate = 'full' | 'context-only' | 'fallback' | 'failed';

/** What was seen in a stretch: of each request, in the order in which they were due, when, its fate and its time. */
export interface Seen {
  readonly dueMs: readonly number[];
  readonly fates: readonly Fate[];
  readonly tookMs: readonly number[];
}

/** Opened beforehand; more requests wait here for one that is free, as a proxy would have it. */
const CONNECTIONS = 500;
const PATIENCE_MS = 30_000;
const STEP_MS = 1;

const options = JSON.parse(process.argv[2] ?? '{}') as OpenLoadOptions;
const { hostname, port } = new URL(options.url);
const requests = readFileSync(options.bodies, 'utf8').trimEnd().split('\n').map(toRequest);
const random = seeded(1);

interface Asked {
  readonly text: Buffer;
  readonly dueAt: number;
  done(fate: Fate): void;
}

class Connection {
  private asked: Asked | undefined;
  private got: Buffer[] = [];
  private missing: number | undefined;
  private readonly socket: Socket = connect(Number(port), hostname);

  private readonly free: (connection: Connection | undefined) => void;

  constructor(free: (connection: Connection | undefined) => void) {
    this.free = free;
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.read(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => this.end('failed', undefined));
  }

  send(asked: Asked): void {
    this.asked = asked;
    this.socket.write(asked.text);
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.got.push(chunk);
    this.missing = this.missing === undefined ? missingOf(this.got) : this.missing - chunk.length;
    if (this.missing !== undefined && this.missing <= 0) this.end(fateOf(Buffer.concat(this.got)), this);
  }

  private end(fate: Fate, connection: Connection | undefined): void {
    const { asked } = this;
    [this.asked, this.got, this.missing] = [undefined, [], undefined];
    asked?.done(fate);
    if (asked || !connection) this.free(connection);
  }
}

/** How many bytes of an answer are still to come; undefined while that can't be told. */
function missingOf(got: Buffer[]): number | undefined {
  const all = Buffer.concat(got);
  const head = all.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const [, length = '0'] = /content-length: (\d+)/i.exec(all.toString('latin1', 0, head)) ?? [];
  return head + 4 + Number(length) - all.length;
}

function fateOf(answer: Buffer): Fate {
  if (!answer.toString('latin1', 0, 12).endsWith(' 200')) return 'failed';
  const at = answer.indexOf('"served":"');
  const [served] = answer.toString('latin1', at + 10, at + 30).split('"');
  return served as Fate;
}

function toRequest(body: string): Buffer {
  const head = `POST /v1/decisions HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json`;
  return Buffer.from(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

class OpenLoad {
  private readonly idle: Connection[] = [];
  private readonly waiting: Asked[] = [];
  private readonly all = new Set<Connection>();
  private left = 0;
  private sent = 0;

  async run({ rate, seconds }: Stretch): Promise<() => Seen> {
    const [dueMs, fates, tookMs] = [[] as number[], [] as Fate[], [] as number[]];
    const begin = performance.now();
    for (let due = begin; due < begin + seconds * 1_000; due += (-Math.log(1 - random()) / rate) * 1_000) {
      while (performance.now() < due) await sleep(STEP_MS);
      const at = dueMs.push(due) - 1;
      [fates[at], tookMs[at]] = ['failed', PATIENCE_MS];
      this.left++;
      const done = (fate: Fate) => {
        [fates[at], tookMs[at]] = [fate, performance.now() - due];
        this.left--;
      };
      this.ask({ text: requests[this.sent++ % requests.length] ?? Buffer.alloc(0), dueAt: due, done });
      // What has come is read, even where this process is late itself.
      if (this.sent % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return () => ({ dueMs: dueMs.map((due) => due - begin), fates, tookMs });
  }

  async begin(): Promise<void> {
    for (let opened = 0; opened < CONNECTIONS; opened++) {
      this.idle.push(this.open());
      if (opened % 50 === 0) await sleep(10);
    }
    await sleep(100);
  }

  async end(): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (this.left > 0 && performance.now() < until) await sleep(10);
    for (const connection of this.all) connection.close();
  }

  private ask(asked: Asked): void {
    const connection = this.idle.pop() ?? (this.all.size < CONNECTIONS ? this.open() : undefined);
    if (connection) connection.send(asked);
    else this.waiting.push(asked);
  }

  /** The service ends connections over which nothing came for long. */
  private forget(connection: Connection): void {
    this.all.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
  }

  private open(): Connection {
    const connection = new Connection((free) => {
      if (!free) return this.forget(connection);
      const next = this.waiting.shift();
      if (next) free.send(next);
      else this.idle.push(free);
    });
    this.all.add(connection);
    return connection;
  }
}

const load = new OpenLoad();
const cpuBefore = process.cpuUsage();
const begin = performance.now();
const seen: (() => Seen)[] = [];
await load.begin();
for (const stretch of options.stretches) seen.push(await load.run(stretch));
await load.end();
const { user, system } = process.cpuUsage(cpuBefore);
const busy = (user + system) / 1_000 / (performance.now() - begin);
process.stdout.write(JSON.stringify({ busy, seen: seen.map((tell) => tell()) }), () => process.exit(0));
