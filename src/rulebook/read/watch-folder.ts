import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Editors save in several steps (write, rename, touch); this long after the last of them it is one change. */
const QUIET_MS = 100;

/**
 * Calls `changed` once something under the folder has changed and has been quiet for a moment. A folder, or a link to
 * one, that is replaced as a whole is a change too. The function given back ends the watching.
 */
export function watchFolder(dir: string, changed: () => void): () => void {
  const watch = new FolderWatch(resolve(dir), changed);
  return () => watch.end();
}

class FolderWatch {
  private readonly parent: FSWatcher;
  private inside: FSWatcher[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dir: string,
    private readonly changed: () => void,
  ) {
    // A folder does not hear of its own renaming; the folder that it stands in does.
    this.parent = watch(dirname(dir), { persistent: false }, (_event, name) => {
      if (name === basename(dir)) this.soon();
    });
    this.look();
  }

  end(): void {
    clearTimeout(this.timer);
    this.parent.close();
    this.closeInside();
  }

  /** Watches what stands at the path now, which may be another folder than before. */
  private look(): void {
    this.closeInside();
    if (!existsSync(this.dir)) return;
    // Rule files lie one folder deep. A recursive watch would watch each file by itself, of which there may be many.
    const entries = readdirSync(this.dir, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
    this.inside = [this.dir, ...folders.map(({ name }) => join(this.dir, name))].map((path) =>
      watch(path, { persistent: false }, () => this.soon()),
    );
    for (const watcher of this.inside) watcher.on('error', () => this.soon());
  }

  private closeInside(): void {
    for (const watcher of this.inside) watcher.close();
    this.inside = [];
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.look();
      this.changed();
    }, QUIET_MS).unref();
  }
}
