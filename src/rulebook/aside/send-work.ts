import type { ChildProcess } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RuleSource, RuleText } from '../kinds/walk-rules.js';
import type { Job, ToWorker } from './worker-messages.js';

/** About a millisecond of copying. */
const TEXTS_AT_ONCE = 200;

/** Rules, and what is to be done with them. */
export interface Work {
  readonly job: Job;
  readonly source: RuleSource;
}

/**
 * Sends work to a process, a turn of the event loop for each part. One that has ended meanwhile hears nothing: its
 * `exit` tells.
 */
export async function sendWork(worker: ChildProcess, { job, source }: Work): Promise<void> {
  if (typeof source === 'string') sendOrDrop(worker, { kind: 'folder', dir: source });
  for (let at = 0; typeof source !== 'string' && at < source.length; at += TEXTS_AT_ONCE) {
    sendOrDrop(worker, { kind: 'texts', texts: source.slice(at, at + TEXTS_AT_ONCE) });
    await nextTurn();
  }
  sendOrDrop(worker, { kind: 'begin', job });
}

/** Without a callback, what can't be sent is an `error` event, which ends us where nobody listens any more. */
export function sendOrDrop(worker: ChildProcess, message: ToWorker): void {
  worker.send(message, () => undefined);
}

/** In that process: resolves when all of the work is here. */
export function receiveWork(): Promise<Work> {
  const texts: RuleText[] = [];
  let dir: string | undefined;
  return new Promise((resolve) => {
    const hear = (message: ToWorker): void => {
      if (message.kind === 'folder') dir = message.dir;
      else if (message.kind === 'texts') texts.push(...message.texts);
      else if (message.kind === 'begin') {
        process.off('message', hear);
        resolve({ job: message.job, source: dir ?? texts });
      }
    };
    process.on('message', hear);
  });
}
