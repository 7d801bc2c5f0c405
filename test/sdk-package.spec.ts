import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { renderDecisions, renderSlotStyle } from '../sdk/browser/src/server.js';

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);

let folder: string;
let tarball: Buffer;
beforeAll(async () => {
  // In a copy, as others may be building the same.
  folder = await mkdtemp(join(tmpdir(), 'usher-sdk-'));
  await cp(join(ROOT, 'sdk'), join(folder, 'sdk'), { recursive: true, filter: (path) => !path.endsWith('/dist') });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const here = join(folder, 'sdk/browser');
  await run(process.execPath, [join(here, 'build.mjs')], { cwd: here });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json'], { cwd: here });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  tarball = await readFile(join(here, filename));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package for pages', () => {
  test('has the version of the service', async () => {
    const versions = await Promise.all(
      ['package.json', 'sdk/browser/package.json'].map(async (path) => {
        return (JSON.parse(await readFile(join(ROOT, path), 'utf8')) as { version: string }).version;
      }),
    );
    expect(versions[0]).toBe(versions[1]);
  });

  test('is read by every tool that publint knows of', async () => {
    const { messages, pkg } = await publint({ pkgDir: join(folder, 'sdk/browser'), strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('has types where modules are resolved, by whichever rules', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), {
      excludeEntrypoints: ['./usher.js', './package.json'],
    });
    if (!result.types) throw new Error('the package has no types');
    // It is for pages and ES modules: who still requires modules is told so by Node.
    const isOfOldRules = ({ kind, ...problem }: { kind: string; resolutionKind?: string }) =>
      kind === 'CJSResolvesToESM' || problem.resolutionKind === 'node10';
    expect(result.problems.filter((problem) => !isOfOldRules(problem))).toEqual([]);
  });

  test('is 3 KB at most when it is packed, as a script and as a module', async () => {
    for (const file of ['usher.js', 'create-usher.js']) {
      const bytes = await readFile(join(folder, 'sdk/browser/dist', file));
      expect(gzipSync(bytes, { level: 9 }).length).toBeLessThanOrEqual(3 * 1024);
    }
  });
});

describe('an answer that a server puts into a page', () => {
  const answer = (title: string) => ({
    decisionId: 'd',
    visitorId: 'v',
    rulebook: { version: 1 },
    decisions: [{ placement: 'p', items: [{ offer: 'o', content: { title }, actions: [], reason: 'DEFAULT' }] }],
  });

  test.each(['</script><script>alert(1)</script>', '<!-- <script>', '\u2028 \u2029', '&lt;', '\ud800', '$&', ']]>'])(
    'can not leave its element, and is the same when it is read: %j',
    (title) => {
      const html = renderDecisions(answer(title));
      const [, json = ''] = /^<script type="application\/json" data-usher-decisions>(.*)<\/script>$/.exec(html) ?? [];
      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      const { rulebook: _rulebook, ...rest } = answer(title);
      expect(JSON.parse(json)).toEqual(rest);
    },
  );

  test('comes with a style that lets no text of another through', () => {
    expect(renderSlotStyle(250)).toMatch(/^<style>.* 250ms .*<\/style>$/);
    expect(renderSlotStyle(400, '"><script>')).toMatch(/^<style nonce="script">/);
  });
});
