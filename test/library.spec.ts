import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
const USE = `import { compileRules, InvalidRules, type EngineRule, type RuleMatch } from 'usher/engine';
const rules: EngineRule[] = [{ name: 'adult', conditions: { all: [{ fact: 'age', operator: 'greaterThan', value: 17 }] }, event: { type: 'vote' } }];
const found: RuleMatch[] = compileRules(rules).match({ age: 40 });
console.log(JSON.stringify(found), typeof InvalidRules);
`;
const FOUND = '[{"name":"adult","event":{"type":"vote"},"priority":1}] function\n';

describe('usher/engine as a library', () => {
  let folder: string;

  beforeAll(async () => {
    // A folder of its own, as `dist/` may be older, or in use. Nothing is installed in it but the package itself.
    folder = await mkdtemp(join(tmpdir(), 'usher-library-'));
    const dist = join(folder, 'dist');
    await Promise.all([
      promisify(execFile)(process.execPath, [join(ROOT, 'build.mjs'), '--out', dist]),
      cp(join(ROOT, 'package.json'), join(folder, 'package.json')),
      mkdir(join(folder, 'shop/node_modules'), { recursive: true }),
    ]);
    await symlink(folder, join(folder, 'shop/node_modules/usher'), 'dir');
    await writeFile(join(folder, 'shop/package.json'), '{ "type": "module" }');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(['.', 'shop'])('works from %s, with nothing else installed', async (where) => {
    const file = join(folder, where, 'use.ts');
    await writeFile(file, USE);
    const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', file]);
    expect(stdout).toBe(FOUND);
  });

  test('brings its types, which need no others', async () => {
    await writeFile(join(folder, 'shop/use.ts'), USE);
    await writeFile(
      join(folder, 'shop/misuse.ts'),
      `import { compileRules } from 'usher/engine';\ncompileRules([{ conditions: { all: [] } }]);\n`,
    );
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      types: [],
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    };
    const files = ['use.ts', 'misuse.ts'].map((file) => join(folder, 'shop', file));
    const said = ts
      .getPreEmitDiagnostics(ts.createProgram(files, options))
      .map(({ file, messageText }) => [
        basename(file?.fileName ?? ''),
        ts.flattenDiagnosticMessageText(messageText, ' '),
      ]);
    expect(said).toEqual([['misuse.ts', expect.stringContaining("'event' is missing")]]);
  });

  test('is made of match/, values/ and language/ alone: no package, no part of Node, no reference', async () => {
    const files = await reachable(join(folder, 'dist/engine/match/compile-rules.js'));
    const names = [...files].map((file) => relative(join(folder, 'dist/engine'), file));
    expect(names).toContain('match/matcher.js');
    expect(names.filter((name) => !/^(match|values|language)\/[a-z-]+\.js$/.test(name))).toEqual([]);
  });
});

/** The file and all that it imports; an import that is no relative path stands as it is written. */
async function reachable(file: string, known = new Set<string>()): Promise<Set<string>> {
  known.add(file);
  for (const { fileName } of ts.preProcessFile(await readFile(file, 'utf8')).importedFiles) {
    const imported = fileName.startsWith('.') ? join(dirname(file), fileName) : fileName;
    if (known.has(imported)) continue;
    if (fileName.startsWith('.')) await reachable(imported, known);
    else known.add(imported);
  }
  return known;
}
