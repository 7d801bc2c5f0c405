/**
 * Compiles `src/` into `dist/`, or into another folder, and the packages of `sdk/` into `sdk/` beside that:
 * `node build.mjs [--out FOLDER] [--without-types]`.
 * swc does it, the one compiler that an install without development tools has too; where TypeScript is there, the
 * library `usher/engine` and the packages get their types. The kit for pages is bundled beside the room that serves it.
 * Why so: docs/decisions/0016-swc-alone-builds-the-service.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './sdk/browser/bundle.mjs';

const ROOT = dirname(fileURLToPath(import.meta.url));
/** Those that swc compiles; an image of the service is built without them. */
const PACKAGES = ['sdk/node'].filter((name) => existsSync(join(ROOT, name, 'src')));
const NOT_SHIPPED = /\.(spec|contract|d)\.ts$/;

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(ROOT, 'dist') }, 'without-types': { type: 'boolean' } },
});
const out = resolve(values.out);

const swc = await import('@swc/core').catch(() => undefined);
if (swc) await build(swc);
else {
  console.error('Usher is compiled by @swc/core, which is not installed: run npm ci without --omit=optional.');
  process.exitCode = 1;
}

async function build(compiler) {
  await compileAll(compiler, join(ROOT, 'src'), out);
  await chmod(join(out, 'cli/usher.js'), 0o755);
  await mkdir(join(out, 'sdk/browser'), { recursive: true });
  await writeFile(
    join(out, 'sdk/browser/usher.js'),
    await bundle(compiler, join(ROOT, 'sdk/browser/src/script-tag.ts')),
  );
  for (const name of PACKAGES) await compileAll(compiler, join(ROOT, name, 'src'), builtPackage(name));
  if (values['without-types']) return;
  writeTypes('src/engine/match/tsconfig.library.json', out);
  for (const name of PACKAGES) writeTypes(`${name}/tsconfig.build.json`, builtPackage(name));
}

function builtPackage(name) {
  return join(dirname(out), name, 'dist');
}

async function compileAll(compiler, from, to) {
  const all = await readdir(from, { recursive: true });
  const files = all.filter((file) => file.endsWith('.ts') && !NOT_SHIPPED.test(file));
  await rm(to, { recursive: true, force: true });
  await Promise.all(files.map((file) => compile(compiler, file, { from, to })));
}

async function compile(compiler, file, { from, to }) {
  const source = join(from, file);
  const target = join(to, file.replace(/\.ts$/, '.js'));
  const sourceFileName = join('..', '../'.repeat(file.split(/[\\/]/).length - 1), 'src', file);
  const { code, map } = await compiler.transformFile(source, { configFile: join(ROOT, '.swcrc'), sourceFileName });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map`);
  await writeFile(`${target}.map`, map);
}

/** Those who write TypeScript against the library have it themselves; a service runs without. */
function writeTypes(project, to) {
  const tsc = findTypeScript();
  if (!tsc) return;
  const args = [tsc, '-p', project, '--outDir', to];
  process.exitCode ||= spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

function findTypeScript() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  } catch {
    return undefined;
  }
}
