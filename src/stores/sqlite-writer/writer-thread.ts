/** The thread that writes to a file. See `WriterAside`, which starts it and hears it. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type Asked, commitTogether } from './commit-together.js';
import { keepLogShort } from './keep-log-short.js';
import { SqliteFile } from './sqlite-file.js';
import type { Ask, FromThread, ToThread, WriterData } from './thread-messages.js';
import { cutLog } from './writer.js';
import { writesOn } from './writes.js';

/** When so many wait, others that wait are not looked for. */
const ENOUGH = 256;

const { path, lockWaitMs } = workerData as WriterData;
const file = SqliteFile.open(path, lockWaitMs);
const writes = writesOn(file);
const keepShort = keepLogShort(file);

parentPort?.on('message', (first: ToThread) => {
  const asks = [...first, ...thoseThatWait(first.length)];
  for (let at = 0; at < asks.length;) at += answer(asks, at);
  if (file.isOpen) keepShort();
});

function thoseThatWait(known: number): Ask[] {
  const more: Ask[] = [];
  while (parentPort && known + more.length < ENOUGH) {
    const next = receiveMessageOnPort(parentPort) as { readonly message: ToThread } | undefined;
    if (!next) break;
    more.push(...next.message);
  }
  return more;
}

/** Does what stands there, with the writes behind it; how many that were. */
function answer(asks: readonly Ask[], at: number): number {
  const ask = asks[at];
  if (ask === 'scrub') say([cutLog(file)]);
  if (ask === 'end') end();
  if (typeof ask === 'string') return 1;
  const together = asks.slice(at, endOfWrites(asks, at)) as Asked[];
  say(commitTogether(file, writes, together));
  return together.length;
}

function endOfWrites(asks: readonly Ask[], from: number): number {
  const end = asks.findIndex((ask, at) => at > from && typeof ask === 'string');
  return end < 0 ? asks.length : end;
}

function end(): void {
  file.close();
  // Nothing keeps the thread any more.
  parentPort?.close();
}

function say(outcomes: FromThread): void {
  parentPort?.postMessage(outcomes);
}
