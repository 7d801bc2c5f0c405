import { closeSync, openSync, writeSync } from 'node:fs';
import { CommandFailed } from '../../errors.js';
import type { RefusedRow } from '../../doors/tables/row.js';

/** A file that every problem of a file is written to, as NDJSON: the summary shows but the first of each kind. */
export interface ProblemFile {
  readonly write: (what: 'refused' | 'leftOut', one: RefusedRow) => void;
  readonly close: () => void;
}

/** Begins that file anew. Throws `CommandFailed`. */
export function problemFile(path: string): ProblemFile {
  const file = opened(path);
  let waiting = '';
  const flush = (): void => {
    writeSync(file, waiting);
    waiting = '';
  };
  return {
    write: (what, { line, reason, example }) => {
      waiting += `${JSON.stringify({ what, line, reason, ...(example === undefined ? {} : { value: example }) })}\n`;
      if (waiting.length > MOST_WAITING) flush();
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

const MOST_WAITING = 64 * 1024;

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch {
    throw new CommandFailed(`The file ${path} can't be written. Name one in a folder that is there.`);
  }
}
