/**
 * Loaded before a process that is measured (`node --import`): whoever connects to the socket that `DRILL_WATCH` names
 * is told what happened since the last one did, as one line of JSON, {@link Watched}.
 */
import { createServer } from 'node:net';

/** What a process tells of itself. */
export interface Watched {
  /** How late its event loop came to a timer at most, in milliseconds. */
  readonly lateMs: number;
  /** How long it worked at most without looking at a timer, in milliseconds of the processor: no neighbour is in it. */
  readonly stepMs: number;
  /** Its memory (RSS) at most, in bytes. */
  readonly mostBytes: number;
}

/** So often is looked: a step that takes the loop for longer is seen whole, less this. */
const EVERY_MS = 5;
/** Asking for the memory costs more. */
const LOOKS_A_MEMORY = 10;

let [lateMs, stepMs, mostBytes, looks] = [0, 0, process.memoryUsage.rss(), 0];
let [before, workedBefore] = [performance.now(), workedMs()];

function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function look(): void {
  const [now, worked] = [performance.now(), workedMs()];
  lateMs = Math.max(lateMs, now - before - EVERY_MS);
  stepMs = Math.max(stepMs, worked - workedBefore);
  [before, workedBefore] = [now, worked];
}

setInterval(() => {
  look();
  if (looks++ % LOOKS_A_MEMORY === 0) mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
}, EVERY_MS).unref();

createServer((socket) => {
  // A step that is not over yet counts too.
  look();
  socket.end(`${JSON.stringify({ lateMs, stepMs, mostBytes } satisfies Watched)}\n`);
  [lateMs, stepMs, mostBytes] = [0, 0, process.memoryUsage.rss()];
})
  .listen(process.env['DRILL_WATCH'])
  .unref();
