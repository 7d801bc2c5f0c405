import type { ChildProcess } from 'node:child_process';
import type { Work } from './send-work.js';
import { startWorker, workIn, type How, type WorkedOut } from './work-aside.js';

/** Whoever checks once mostly checks again soon; a process that waits takes some 70 MB. */
const KEEP_MS = 300_000;

/** A process that is kept for a while after its work, so that small sets of rules need not wait for one to start. */
export class WarmWorker {
  private kept: { readonly worker: ChildProcess; readonly memoryMb: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** Does one work; the next may begin when this has settled. */
  async work(work: Work, version: number | undefined, { limits, program }: How): Promise<WorkedOut> {
    const worker = this.take(limits.memoryMb) ?? startWorker(limits, program);
    setRef(worker, true);
    try {
      const out = await workIn(worker, work, version, limits);
      if (out.endedWith === undefined) this.keep(worker, limits.memoryMb);
      return out;
    } finally {
      if (this.kept?.worker !== worker) worker.kill('SIGKILL');
    }
  }

  private take(memoryMb: number): ChildProcess | undefined {
    const { kept } = this;
    this.kept = undefined;
    clearTimeout(this.timer);
    if (!kept || (kept.memoryMb === memoryMb && kept.worker.connected)) return kept?.worker;
    kept.worker.kill('SIGKILL');
    return undefined;
  }

  /** It keeps nobody from ending. */
  private keep(worker: ChildProcess, memoryMb: number): void {
    setRef(worker, false);
    this.kept = { worker, memoryMb };
    this.timer = setTimeout(() => this.take(-1), KEEP_MS).unref();
  }
}

function setRef(worker: ChildProcess, isNeeded: boolean): void {
  if (isNeeded) {
    worker.ref();
    worker.channel?.ref();
  } else {
    worker.unref();
    worker.channel?.unref();
  }
}
