import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** What somebody writes who has installed the package. */
const USE = `import { Usher, UsherError, type Decided, type DecisionRequest, type TrackEvent } from '@usher/node';
const usher = new Usher({ url: 'http://127.0.0.1:9', onError: ({ code }) => console.log(code) });
const request: DecisionRequest = { visitorId: 'u-9', placements: ['home.hero', { id: 'home.cards', count: 3 }] };
const answer: Decided = await usher.decide(request, { default: { 'home.hero': { content: { title: 'Hello' } } } });
console.log(answer.served, answer.decisions[0]?.items[0]?.content['title'], answer.decisionId);
const event: TrackEvent = { userId: 'u-9', event: 'Seen', properties: { sku: 'c-1' } };
console.log(typeof usher.track(event), UsherError.name);
await usher.close({ deadlineMs: 1 });
`;

describe('the package of the Node client', () => {
  let folder: string;
  let shop: string;
  const path = (...parts: string[]) => join(folder, 'sdk/node', ...parts);

  beforeAll(async () => {
    // A folder of its own, as what lies in the working tree may be older, or in use.
    folder = await mkdtemp(join(tmpdir(), 'usher-node-'));
    await run(process.execPath, [join(ROOT, 'build.mjs'), '--out', join(folder, 'dist')]);
    for (const name of ['package.json', 'README.md', 'LICENSE']) await cp(join(ROOT, 'sdk/node', name), path(name));
    shop = join(folder, 'shop');
    await mkdir(join(shop, 'node_modules/@usher'), { recursive: true });
    await symlink(path(), join(shop, 'node_modules/@usher/node'), 'dir');
    await writeFile(join(shop, 'package.json'), '{ "type": "module" }');
    await writeFile(join(shop, 'use.ts'), USE);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('has nothing that publint complains of', async () => {
    expect((await publint({ pkgDir: path(), strict: true, pack: false })).messages).toEqual([]);
  });

  test('has types that are right wherever ES modules are', async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: path() });
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    const { problems } = checkedPackage(
      await checkPackage(createPackageFromTarballData(await readFile(path(filename)))),
    );
    // It is of ES modules alone: CommonJS has it by `import()`, or from Node 22.12 on by `require()`.
    const ofModules = problems.filter(
      (one) => !/^(node10|node16-cjs)$/.test('resolutionKind' in one ? one.resolutionKind : ''),
    );
    expect(ofModules).toEqual([]);
    expect(files.map((file) => file.path).filter((name) => !name.startsWith('dist/'))).toEqual([
      ...['LICENSE', 'README.md', 'package.json'],
    ]);
  });

  test('is typed for those who use it, and their mistakes are told', async () => {
    const misuse = `import { Usher } from '@usher/node';\nnew Usher({ url: '' }).track({ event: 'Nobody' });\n`;
    await writeFile(join(shop, 'misuse.ts'), misuse);
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    const program = ts.createProgram([join(shop, 'use.ts'), join(shop, 'misuse.ts')], options);
    const said = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return [file?.fileName.split('/').at(-1), ts.flattenDiagnosticMessageText(messageText, ' ')];
    });
    expect(said).toEqual([['misuse.ts', expect.stringContaining("'anonymousId' is missing")]]);
  });

  test('works with nothing else installed', async () => {
    const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'use.ts'], { cwd: shop });
    expect(stdout).toBe('UNREACHABLE\ndefault Hello undefined\nstring UsherError\nEVENT_NOT_SENT\n');
  });

  test('asks for no package', async () => {
    const files = (await readdir(path('dist'), { recursive: true })).filter((file) => file.endsWith('.js'));
    expect(files).toContain('usher.js');
    for (const file of files) {
      const source = await readFile(path('dist', file), 'utf8');
      const imported = ts.preProcessFile(source).importedFiles.map(({ fileName }) => fileName);
      expect(imported.filter((name) => !/^(node:|\.\.?\/)/.test(name))).toEqual([]);
    }
  });

  test('has the version, the licence and the workspace of the service', async () => {
    const read = async (...parts: string[]) => JSON.parse(await readFile(join(ROOT, ...parts, 'package.json'), 'utf8'));
    const [service, own] = [await read(), await read('sdk/node')];
    expect([own.version, own.license]).toEqual([service.version, service.license]);
    expect(service.workspaces).toContain('sdk/*');
    expect([own.dependencies, own.peerDependencies, own.scripts?.install]).toEqual([undefined, undefined, undefined]);
    expect(await readFile(join(ROOT, 'sdk/node/LICENSE'), 'utf8')).toBe(await readFile(join(ROOT, 'LICENSE'), 'utf8'));
  });
});

/** The types are there at all. */
function checkedPackage(result: Awaited<ReturnType<typeof checkPackage>>) {
  if (result.types === false) throw new Error('the package has no types');
  return result;
}
