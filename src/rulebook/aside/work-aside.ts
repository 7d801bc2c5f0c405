import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { assembleRulebook } from '../../engine/compile.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { isFit, type CandidateCheck } from '../cases/check-release.js';
import { renderer } from '../templates/templates.js';
import { PartsReader } from './rulebook-parts.js';
import { sendOrDrop, sendWork, type Work } from './send-work.js';
import type { FromWorker } from './worker-messages.js';

/** What work came to. A worker that ended too early leaves both of them out, or the rulebook. */
export interface WorkedOut {
  readonly check?: CandidateCheck;
  /** What was compiled, where it was wanted and the check found nothing against it. */
  readonly rulebook?: Rulebook;
  /** How the worker ended, if it ended too early: an exit code or a signal. */
  readonly endedWith?: string;
}

const WORKER = new URL('./worker-process.js', import.meta.url);

/** As long as the command line waits. */
const MAX_WORK_MS = 600_000;

/**
 * One collector thread: the others would take the cores that requests need. And room for what is young, in megabytes:
 * nearly all that a worker makes is kept to its end, and would be moved from room to room meanwhile.
 */
const NODE_OPTIONS = ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=64'];

/**
 * Does work in another process, so that requests are served meanwhile: a thread would share our memory's locks and
 * collectors. The rulebook is taken over in parts, a turn of the event loop for each, as that version; without a
 * version only the check is wanted. When this settles the process is gone.
 */
export async function workAside(work: Work, version: number | undefined, program = WORKER): Promise<WorkedOut> {
  const worker = fork(program, [], {
    serialization: 'advanced',
    execArgv: NODE_OPTIONS,
    timeout: MAX_WORK_MS,
    killSignal: 'SIGKILL',
  });
  try {
    const taken = takeOver(worker, version);
    taken.catch(() => undefined);
    await sendWork(worker, work);
    return await taken;
  } finally {
    worker.kill('SIGKILL');
  }
}

async function takeOver(worker: ChildProcess, version: number | undefined): Promise<WorkedOut> {
  const reader = new PartsReader();
  let check: CandidateCheck | undefined;
  for await (const [message] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[FromWorker]>) {
    if (message.kind === 'result') check = message.check;
    else if (message.kind === 'part') reader.take(message.part);
    if (check && (version === undefined || !isFit(check))) return { check };
    if (check && message.kind === 'end') return { check, ...(await assemble(reader, version ?? 0, check.digest)) };
    await nextTurn();
    sendOrDrop(worker, { kind: 'next' });
  }
  return { ...(check && { check }), endedWith: String(worker.exitCode ?? worker.signalCode) };
}

async function assemble(
  reader: PartsReader,
  version: number,
  digest: string,
): Promise<{ readonly rulebook?: Rulebook }> {
  const data = reader.data();
  if (!data) return {};
  const { rulebook, warmUp } = assembleRulebook(data, { version, digest, renderer, written: reader.written() });
  for (const steps = warmUp(); !steps.next().done;) await nextTurn();
  return { rulebook };
}
