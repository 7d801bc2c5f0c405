/**
 * Compiles `src/` into `dist/`, or into another folder: `node build.mjs [--out FOLDER] [--without-types]`.
 * swc does it, the one compiler that an install without development tools has too; where TypeScript is there, the
 * library `usher/engine` gets its types. Why so: docs/decisions/0016-swc-alone-builds-the-service.md.
 */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = dirname(fileURLToPath(import.meta.url));
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
  const all = await readdir(join(ROOT, 'src'), { recursive: true });
  const files = all.filter((file) => file.endsWith('.ts') && !NOT_SHIPPED.test(file));
  await rm(out, { recursive: true, force: true });
  await Promise.all(files.map((file) => compile(compiler, file)));
  await chmod(join(out, 'cli/usher.js'), 0o755);
  if (!values['without-types']) writeTypes();
}

async function compile(compiler, file) {
  const source = join(ROOT, 'src', file);
  const target = join(out, file.replace(/\.ts$/, '.js'));
  const sourceFileName = join('..', '../'.repeat(file.split(/[\\/]/).length - 1), 'src', file);
  const { code, map } = await compiler.transformFile(source, { configFile: join(ROOT, '.swcrc'), sourceFileName });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map`);
  await writeFile(`${target}.map`, map);
}

/** Those who write TypeScript against the library have it themselves; a service runs without. */
function writeTypes() {
  const tsc = findTypeScript();
  if (!tsc) return;
  const args = [tsc, '-p', 'src/engine/match/tsconfig.library.json', '--outDir', out];
  process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

function findTypeScript() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  } catch {
    return undefined;
  }
}
