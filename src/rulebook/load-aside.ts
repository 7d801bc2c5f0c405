import { on } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { assembleRulebook } from '../engine/compile.js';
import type { BuildMessage, BuildResult } from './build-worker.js';
import type { LoadedRulebook } from './load-rulebook.js';
import { PartsReader } from './rulebook-parts.js';
import { renderer } from './templates.js';

/** What loading a folder comes to, less the definitions, which stay in the thread that read them. */
export type LoadedAside = Omit<LoadedRulebook, 'definitions'>;

/**
 * Does what `loadRulebook` does in another thread, so that requests are served meanwhile. What comes back is taken over in
 * parts, a turn of the event loop for each.
 */
export async function loadAside(dir: string, version: number): Promise<LoadedAside> {
  const worker = new Worker(new URL('./build-worker.js', import.meta.url), { workerData: { dir } });
  try {
    return await takeOver(worker, version);
  } finally {
    await worker.terminate();
  }
}

async function takeOver(worker: Worker, version: number): Promise<LoadedAside> {
  const reader = new PartsReader();
  let result: BuildResult | undefined;
  for await (const [message] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[BuildMessage]>) {
    if (message.kind === 'end') break;
    if (message.kind === 'result') result = message;
    else reader.take(message);
    await nextTurn();
    worker.postMessage('next');
  }
  const { problems, notes, digest } = result ?? { problems: [], notes: [], digest: '' };
  const data = reader.data();
  if (!data) return { problems, notes, digest };
  const { rulebook, warmUp } = assembleRulebook(data, { version, digest, renderer, written: reader.written() });
  for (const steps = warmUp(); !steps.next().done; ) await nextTurn();
  return { problems, notes, digest, rulebook };
}
