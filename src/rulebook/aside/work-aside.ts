import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { assembleRulebook } from '../../engine/compile.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { isFit, type CandidateCheck } from '../cases/check-release.js';
import { renderer } from '../templates/templates.js';
import { PartsReader } from './rulebook-parts.js';
import { sendOrDrop, sendWork, type Work } from './send-work.js';
import type { WorkLimits } from './work-limits.js';
import type { FromWorker } from './worker-messages.js';

/** What work came to. A worker that ended too early leaves both of them out, or the rulebook. */
export interface WorkedOut {
  readonly check?: CandidateCheck;
  /** What was compiled, where it was wanted and the check found nothing against it. */
  readonly rulebook?: Rulebook;
  /** How the worker ended, if it ended too early: an exit code or a signal. */
  readonly endedWith?: string;
  /** What of its limits it was ended by, where no check had come of it yet. */
  readonly over?: 'time' | 'memory';
  /** What it was about when it ended too early. */
  readonly doing?: { readonly what: string; readonly file: string };
}

const WORKER = new URL('./worker-process.js', import.meta.url);

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
export async function workAside(work: Work, version: number | undefined, how: How): Promise<WorkedOut> {
  const worker = startWorker(how.limits, how.program);
  try {
    return await workIn(worker, work, version, how.limits);
  } finally {
    worker.kill('SIGKILL');
  }
}

/** How work is done. */
export interface How {
  readonly limits: WorkLimits;
  readonly program?: URL;
}

/** A process that works, and may use so much memory. */
export function startWorker({ memoryMb }: WorkLimits, program = WORKER): ChildProcess {
  return fork(program, [], {
    serialization: 'advanced',
    // What V8 says there when memory is out is for nobody, as the author is told; mistakes of ours go to the other.
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    execArgv: [...NODE_OPTIONS, `--max-old-space-size=${memoryMb}`],
  });
}

/** Does work in a process that has nothing else to do, and ends it where that takes too long. */
export async function workIn(
  worker: ChildProcess,
  work: Work,
  version: number | undefined,
  { timeoutMs }: WorkLimits,
): Promise<WorkedOut> {
  let isLate = false;
  const timer = setTimeout(() => (isLate = worker.kill('SIGKILL')), timeoutMs);
  try {
    const taken = takeOver(worker, version);
    taken.catch(() => undefined);
    await sendWork(worker, work);
    const out = await taken;
    const over = isLate ? 'time' : NO_MEMORY.has(out.endedWith ?? '') ? 'memory' : undefined;
    return over && out.endedWith !== undefined && !out.check ? { ...out, over } : out;
  } finally {
    clearTimeout(timer);
  }
}

/** How a process ends that may not have more. */
const NO_MEMORY: ReadonlySet<string> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', '134']);

async function takeOver(worker: ChildProcess, version: number | undefined): Promise<WorkedOut> {
  const reader = new PartsReader();
  let check: CandidateCheck | undefined;
  let doing: WorkedOut['doing'];
  for await (const [message] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[FromWorker]>) {
    if (message.kind === 'doing') {
      doing = message;
      continue;
    }
    if (message.kind === 'result') check = message.check;
    else if (message.kind === 'part') reader.take(message.part);
    if (check && (version === undefined || !isFit(check))) return { check };
    if (check && message.kind === 'end') return { check, ...(await assemble(reader, version ?? 0, check.digest)) };
    await nextTurn();
    sendOrDrop(worker, { kind: 'next' });
  }
  return { ...(check && { check }), ...(doing && { doing }), endedWith: String(worker.exitCode ?? worker.signalCode) };
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
