/** Makes what npm packs: `npm run build --workspace @usher/browser`. The service bundles its own copy, by build.mjs. */
import swc from '@swc/core';
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, 'dist');

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
await make('usher.js', 'script-tag.ts');
await make('create-usher.js', 'create-usher.ts', ['createUsher']);
await make('server.js', 'server.ts', ['renderDecisions', 'renderSlotStyle']);
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
process.exitCode = spawnSync(process.execPath, [tsc, '-p', HERE], { stdio: 'inherit' }).status ?? 1;

async function make(file, entry, exported) {
  await writeFile(join(DIST, file), await bundle(swc, join(HERE, 'src', entry), exported));
}
