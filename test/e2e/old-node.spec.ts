import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNewEnough } from '../../src/cli/run-on-bundled-node.js';
import { INHERITED } from './built.js';
import { BuiltCli } from './built-cli.js';

/** A Node that takes itself for an old one, if it was started under that name. */
const OLD = `if (process.argv0 === 'old-node') Object.defineProperty(process, 'version', { value: 'v20.0.0' })`;

interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command on a Node that is too old', () => {
  let built: BuiltCli;
  let bare: string;
  beforeAll(async () => {
    built = await BuiltCli.open();
    bare = await mkdtemp(join(tmpdir(), 'usher-bare-'));
    for (const name of ['dist', 'package.json'])
      await cp(join(built.folder, name), join(bare, name), { recursive: true, dereference: true });
  });
  afterAll(async () => {
    await built.remove();
    await rm(bare, { recursive: true, force: true });
  });

  test('runs on the bundled one, with its arguments, and ends with its exit code', async () => {
    expect(await run(built.folder, ['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
    expect(await run(built.folder, ['dance'])).toMatchObject({ code: 1, stderr: expect.stringContaining('dance') });
  });

  test('reads its standard input', async () => {
    const { code, stderr } = await run(built.folder, ['track', '-', '--format', 'csv'], 'customer,what\nu-1,Viewed\n');
    expect([code, stderr]).toEqual([1, expect.stringContaining('"visitorId": "customer"')]);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('passes %s on, and ends as the service does', async (signal) => {
    const child = start(built.folder, ['start'], { PORT: '0', USHER_DATA: join(built.folder, `data-${signal}`) });
    const finished = finish(child);
    const url = await saidUrl(child);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    child.kill(signal);
    expect(await finished).toMatchObject({ code: null, signal });
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });

  test('says what to do where there is no bundled one', async () => {
    const { code, stderr } = await run(bare, ['--version']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^usher: Usher needs Node 22\.15 or later, .*npm ci.*\n$/),
    ]);
  });

  test('says so too where the bundled one is as old, and does not try it for ever', async () => {
    const folder = join(bare, 'node_modules/node');
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "name": "node" }');
    await writeFile(join(folder, 'bin/node'), '#!/bin/sh\necho v20.1.0\n');
    await chmod(join(folder, 'bin/node'), 0o755);
    expect(await run(bare, ['--version'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('npm ci'),
    });
  });
});

describe('a version of Node', () => {
  test.each([
    ['v20.20.2', false],
    ['v22.14.0', false],
    ['v22.15.0', true],
    ['v24.0.0', true],
    ['v100.1.0', true],
  ])('%s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});

function start(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const preload = `data:text/javascript,${encodeURIComponent(OLD)}`;
  const child = spawn(process.execPath, ['--import', preload, join(folder, 'dist/cli/usher.js'), ...args], {
    argv0: 'old-node',
    cwd: folder,
    env: { ...INHERITED, NO_COLOR: '1', ...env },
  });
  const killWithThisProcess = () => child.kill('SIGKILL');
  process.once('exit', killWithThisProcess);
  child.once('exit', () => process.off('exit', killWithThisProcess));
  return child;
}

async function run(folder: string, args: readonly string[], input = ''): Promise<Finished> {
  const child = start(folder, args);
  child.stdin?.end(input);
  return finish(child);
}

async function finish(child: ChildProcess): Promise<Finished> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...said };
}

function saidUrl(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error(`usher start ended:\n${said}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      const url = /Usher decides at (\S+)/.exec((said += chunk.toString()))?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
