import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from './deployment.ts';
import type { Watched } from './watch-loop.ts';

/** A process that tells how late its loop is. */
export interface WatchedProcess {
  readonly url: string;
  /** What happened since the last time that somebody asked. */
  watched(): Promise<Watched>;
}

/** How long somebody waited who asks again and again, in milliseconds. */
interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** What work cost everybody else. */
export interface Cost {
  readonly tookMs: number;
  /** Of decisions for a bystander. */
  readonly waits: Waits;
  readonly lateMs: number;
  /** The longest step of the loop, in milliseconds of the processor. */
  readonly stepMs: number;
  /** The same of a process that does nothing, on the same machine at the same time. */
  readonly floor: { readonly waits: Waits; readonly lateMs: number };
  readonly beforeBytes: number;
  readonly mostBytes: number;
}

/** More than a process had before is no bounded memory; each drill sends more than that in all. */
const MOST_MORE_BYTES = 640e6;
const PAUSE_MS = 5;
const WATCH = join(import.meta.dirname, 'watch-loop.ts');

/** Starts a service whose loop is watched. */
export async function startWatched(
  deployment: Deployment,
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<WatchedProcess & { readonly pid: number }> {
  const socket = deployment.pathOf(`${name}.watch`);
  const { url, pid } = await deployment.start(name, { ...settings, DRILL_WATCH: socket }, ['--import', WATCH]);
  return { url, pid, watched: () => askWatch(socket) };
}

/** A process that does nothing but answer, to be asked beside a service. Whoever starts it stops it. */
export class Floor implements WatchedProcess {
  readonly url: string;
  private readonly child: ChildProcess;
  private readonly socket: string;

  private constructor(child: ChildProcess, url: string, socket: string) {
    [this.child, this.url, this.socket] = [child, url, socket];
  }

  static async start(deployment: Deployment): Promise<Floor> {
    const socket = deployment.pathOf('floor.watch');
    const child = spawn(process.execPath, ['--import', WATCH, join(import.meta.dirname, 'do-nothing.ts')], {
      env: { ...process.env, DRILL_WATCH: socket },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    return new Floor(child, said.toString().trim(), socket);
  }

  watched(): Promise<Watched> {
    return askWatch(this.socket);
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/**
 * Works, with a bystander who asks the service for a decision all the while, and the floor for nothing. Throws where
 * one of these decisions is not made in full, and where the memory of the service grows without bounds.
 */
export async function beside(service: WatchedProcess, floor: Floor, work: () => Promise<unknown>): Promise<Cost> {
  const { mostBytes: beforeBytes } = await freshly(service, floor);
  let isOver = false;
  const goOn = async (ask: () => Promise<void>): Promise<Waits> => {
    const waits: number[] = [];
    do {
      const before = performance.now();
      await ask();
      waits.push(performance.now() - before);
      await sleep(PAUSE_MS);
    } while (!isOver);
    return waitsOf(waits);
  };
  const [asking, asksFloor] = [goOn(() => decide(service.url)), goOn(() => nothing(floor.url))];
  // What fails while others still work is told at the end.
  asking.catch(() => undefined);
  const before = performance.now();
  try {
    await work();
  } finally {
    isOver = true;
  }
  const tookMs = performance.now() - before;
  const [waits, floorWaits] = await Promise.all([asking, asksFloor]);
  const { lateMs, stepMs, mostBytes } = await service.watched();
  if (mostBytes - beforeBytes > MOST_MORE_BYTES)
    throw new Error(`the memory of the service grew from ${megabytes(beforeBytes)} to ${megabytes(mostBytes)}`);
  const floorLateMs = (await floor.watched()).lateMs;
  return { tookMs, waits, lateMs, stepMs, floor: { waits: floorWaits, lateMs: floorLateMs }, beforeBytes, mostBytes };
}

/** In a line, to be read by people. */
export function tellCost(what: string, { tookMs, waits, lateMs, stepMs, floor, beforeBytes, mostBytes }: Cost): string {
  return (
    `  ${what}: ${Math.round(tookMs)} ms; a bystander waits ${tellWaits(waits)} (floor ${tellWaits(floor.waits)}); ` +
    `the loop is late by ${Math.round(lateMs)} ms at most (floor ${Math.round(floor.lateMs)}), ` +
    `its longest step works for ${Math.round(stepMs)} ms; ` +
    `${megabytes(beforeBytes)} before, ${megabytes(mostBytes)} at most`
  );
}

/** Asks for a decision, which has to be made in full. */
export async function decide(url: string, visitorId = 'bystander'): Promise<void> {
  const answer = await post(url, '/v1/decisions', { visitorId, placements: ['first'] });
  if (!answer.text.includes('"served":"full"'))
    throw new Error(`a decision for ${visitorId} is not made in full: ${answer.text.slice(0, 200)}`);
}

/** Posts a body, as JSON where it is neither text nor bytes. */
export async function post(
  url: string,
  path: string,
  body: object | string | Buffer,
  type = 'application/json',
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

async function nothing(url: string): Promise<void> {
  await post(url, '/', { visitorId: 'bystander', placements: ['first'] });
}

/** As they are when nothing happens: what was before is not counted. */
async function freshly(service: WatchedProcess, floor: Floor): Promise<Watched> {
  for (let time = 0; time < 20; time++) {
    await decide(service.url);
    await nothing(floor.url);
  }
  await service.watched();
  await floor.watched();
  return service.watched();
}

function waitsOf(waits: readonly number[]): Waits {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), longest: at(1) };
}

function tellWaits({ p50, p99, longest }: Waits): string {
  return `${p50.toFixed(1)}, ${p99.toFixed(1)}, ${longest.toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

async function askWatch(socket: string): Promise<Watched> {
  return JSON.parse(await text(connect(socket))) as Watched;
}
