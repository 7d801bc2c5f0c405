import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a benchmark runs on: whatever it was given here ends with it, the last first. */
export class Stage {
  private readonly cleanUps: (() => unknown)[] = [];

  /**
   * Runs a benchmark to its end, good or bad, then cleans up. A signal ends this process at once, which kills those it
   * has started.
   */
  async run(bench: () => Promise<void>): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
    try {
      await bench();
    } finally {
      for (const cleanUp of this.cleanUps.toReversed()) await cleanUp();
    }
  }

  /** Calls it when the benchmark has ended, and waits for it. */
  atEnd(cleanUp: () => unknown): void {
    this.cleanUps.push(cleanUp);
  }

  /** Stops at the end what has been started. */
  keep<T extends { stop(): Promise<void> }>(started: T): T {
    this.atEnd(() => started.stop());
    return started;
  }

  /** An empty folder whose name begins so, until the end. */
  async folder(prefix: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), prefix));
    this.atEnd(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }
}
