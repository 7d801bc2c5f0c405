/**
 * Loaded before a process that is measured (`node --import`): whoever connects to the socket that `DRILL_WATCH` names
 * is told what happened since the last one did, as one line of JSON, {@link Watched}.
 */
import { createServer } from 'node:net';

/** What a process tells of itself. */
export interface Watched {
  /** How late its event loop came to a timer at most, in milliseconds. */
  readonly lateMs: number;
  /** Its memory (RSS) at most, in bytes. */
  readonly mostBytes: number;
}

/** So often is looked: a step that takes the loop for longer is seen whole, less this. */
const EVERY_MS = 5;
/** Asking for the memory costs more. */
const LOOKS_A_MEMORY = 10;

let [lateMs, mostBytes, looks] = [0, process.memoryUsage.rss(), 0];
let before = performance.now();

setInterval(() => {
  const now = performance.now();
  lateMs = Math.max(lateMs, now - before - EVERY_MS);
  before = now;
  if (looks++ % LOOKS_A_MEMORY === 0) mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
}, EVERY_MS).unref();

createServer((socket) => {
  // A step that is not over yet counts too.
  lateMs = Math.max(lateMs, performance.now() - before - EVERY_MS);
  socket.end(`${JSON.stringify({ lateMs, mostBytes } satisfies Watched)}\n`);
  [lateMs, mostBytes] = [0, process.memoryUsage.rss()];
})
  .listen(process.env['DRILL_WATCH'])
  .unref();
