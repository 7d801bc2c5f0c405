import cluster from 'node:cluster';
import type { FromServing, ToServing } from './messages.js';

/** Of what is asked of the first process. It may have ended. */
const ANSWER_MS = 2_000;

/** Whether this process serves beside others, on one port, and was begun by {@link severalProcesses}. */
export function isOneOfSeveral(): boolean {
  return cluster.isWorker;
}

/**
 * Which of several processes this is, counted from 1; the first does what one of them has to do. It ends when the one
 * that began it has ended, however that came about.
 */
export async function placeHere(): Promise<number> {
  // Node would end at once a process whose first one is gone, with all that waits to be written.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  process.once('disconnect', endHere);
  const { promise, resolve } = Promise.withResolvers<number>();
  listen((message) => {
    if (message.kind === 'place') resolve(message.place);
  });
  return promise;
}

/** Lets go of the others: for one that could not start, and ends by itself. */
export function leaveOthers(): void {
  process.off('disconnect', endHere);
  if (process.connected) process.disconnect();
}

function endHere(): void {
  process.kill(process.pid, 'SIGTERM');
}

/** Tells that this process listens there. */
export function tellReady(url: string): void {
  tell({ kind: 'ready', url });
}

/**
 * The metrics of all processes that serve here, whichever is asked; `own` gives those of this one, which are all where
 * it is alone. Those of one that does not answer in time are left out.
 */
export function metricsOfAll(own: () => Promise<string>): () => Promise<string> {
  if (!isOneOfSeveral()) return own;
  let last = 0;
  const waiting = new Map<number, (text: string) => void>();
  listen((message) => {
    if (message.kind === 'asked') void own().then((text) => tell({ ...message, kind: 'mine', text }));
    if (message.kind === 'answered') waiting.get(message.question)?.(message.text);
  });
  return async () => {
    const question = (last += 1);
    const answered = new Promise<string | undefined>((resolve) => {
      waiting.set(question, resolve);
      setTimeout(() => resolve(undefined), ANSWER_MS).unref();
    });
    tell({ kind: 'ask', question });
    const text = await answered;
    waiting.delete(question);
    return text ?? own();
  };
}

function listen(heard: (message: ToServing) => void): void {
  process.on('message', heard);
}

function tell(message: FromServing): void {
  if (process.connected) process.send?.(message);
}
