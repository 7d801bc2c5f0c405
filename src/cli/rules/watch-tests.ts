import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { styleText } from 'node:util';
import { CommandFailed } from '../../errors.js';
import { watchFolder } from '../../rulebook/read/watch-folder.js';

/** What is run again and again. */
export interface WatchedTests {
  /** Runs once and gives the exit code. */
  readonly run: () => Promise<number>;
  readonly print: (text: string) => void;
  /** Ends the watching; without it, it goes on for ever. */
  readonly stop: AbortSignal | undefined;
}

/** Empties the screen and what can be scrolled back to. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/**
 * Runs the tests now and whenever something in the folder is saved, one run after the other; gives 0 once it is
 * stopped.
 */
export async function watchTests(dir: string, { run, print, stop }: WatchedTests): Promise<number> {
  if (!existsSync(dirname(resolve(dir))))
    throw new CommandFailed(`There is no folder ${dir} to watch. Create it, or name another.`);
  const saved = new Bell();
  const end = watchFolder(dir, () => saved.ring());
  stop?.addEventListener('abort', () => saved.ring());
  // Watching keeps no process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    while (!stop?.aborted) {
      print(`${process.stdout.isTTY ? CLEAR : ''}${styleText('dim', `${clock()}  ${dir}`)}\n`);
      await run();
      print(styleText('dim', '\nWaiting for a file to be saved; Ctrl-C ends.'));
      await saved.rung();
    }
  } finally {
    clearInterval(alive);
    end();
  }
  return 0;
}

/** However often it rings while nobody waits, it is answered once. */
class Bell {
  private ringing = false;
  private answer: (() => void) | undefined;

  ring(): void {
    this.ringing = true;
    this.answer?.();
  }

  async rung(): Promise<void> {
    if (!this.ringing) await new Promise<void>((resolve) => (this.answer = resolve));
    this.ringing = false;
    this.answer = undefined;
  }
}

function clock(): string {
  // eslint-disable-next-line no-restricted-syntax -- a terminal shows the clock of whoever sits before it
  return new Date().toTimeString().slice(0, 8);
}
