import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeText, markLength } from '../doors/bytes/decode-text.js';
import { Findings } from '../rulebook/read/findings.js';
import { LineIndex } from '../rulebook/read/rule-file.js';
import type { RuleProblem } from '../rulebook/read/rule-problem.js';
import { readBytes, walkRules, type Report } from '../rulebook/kinds/walk-rules.js';
import type { ReleaseFile } from '../stores/release-store.js';

/** A rules folder as a release would hold it. */
export interface FolderContents {
  /** Every rule file, those of kinds that are not enforced yet too; sorted by path. */
  readonly files: readonly ReleaseFile[];
  /**
   * What of the folder can't be part of a release: misplaced, unreadable or too large files, and texts not in UTF-8.
   */
  readonly problems: readonly RuleProblem[];
}

/** Reads a rules folder at once. */
export function readFolder(dir: string): FolderContents {
  const reader = new Reader(dir);
  for (const steps = reader.steps(); !steps.next().done;);
  return reader.contents();
}

/** Reads a rules folder with a turn of the event loop every few files, so that requests are served meanwhile. */
export async function readFolderAside(dir: string): Promise<FolderContents> {
  const reader = new Reader(dir);
  let count = 0;
  for (const steps = reader.steps(); !steps.next().done;) if (++count % FILES_A_TURN === 0) await nextTurn();
  return reader.contents();
}

const FILES_A_TURN = 16;

class Reader {
  private readonly files: ReleaseFile[] = [];
  private readonly findings = new Findings();

  constructor(private readonly dir: string) {}

  /** Reads one file a step. */
  *steps(): Generator<undefined> {
    for (const found of walkRules(this.dir, this.report)) {
      const bytes = readBytes(found, this.report);
      if (bytes) this.take(`${found.folder}/${found.entry}`, found.path, bytes);
      yield;
    }
  }

  contents(): FolderContents {
    return { files: this.files.sort((a, b) => (a.path < b.path ? -1 : 1)), problems: this.findings.sorted() };
  }

  private take(path: string, shownPath: string, bytes: Buffer): void {
    const { text, problem } = decodeText(bytes);
    if (problem) this.findings.add({ path: shownPath, lines: new LineIndex(text) }, problem.offset, problem.message);
    // With its byte order mark: the digest is over every byte.
    else this.files.push({ path, text: markLength(bytes) > 0 ? `\uFEFF${text}` : text });
  }

  private readonly report: Report = (path, message) =>
    this.findings.add({ path, lines: new LineIndex('') }, 0, message);
}
