/**
 * Builds the service once for all tests that start it, in a process of its own or in theirs, from the sources as they
 * are now: `dist/` may be older, or in use. What Node compiles is kept beside it for the next process of this run.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Before the first test; the workers find the folder by the variable. */
export default async function buildOnce() {
  const folder = await mkdtemp(join(tmpdir(), 'usher-built-'));
  const build = [join(ROOT, 'build.mjs'), '--out', join(folder, 'dist'), '--without-types'];
  await promisify(execFile)(process.execPath, build);
  for (const name of ['node_modules', 'schemas', 'rules']) await symlink(join(ROOT, name), join(folder, name));
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  process.env['TEST_BUILT'] = folder;
  // A process on its way out may still write what Node compiled for it.
  globalThis.removeBuilt = () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
