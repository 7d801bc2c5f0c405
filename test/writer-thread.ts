import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtFolder } from './e2e/built.js';

/** The program of the thread that writes to SQLite, as it was built: a thread is not started from sources. */
export function writerThread(): URL {
  return pathToFileURL(join(builtFolder(), 'dist/stores/sqlite-writer/writer-thread.js'));
}
