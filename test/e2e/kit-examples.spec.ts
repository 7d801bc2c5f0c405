import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../until.js';
import { INHERITED } from './built.js';
import { Chromium } from './chromium.js';
import { KitSite } from './kit-site.js';
import { blocksOf } from './tutorial.js';

const ROOT = join(import.meta.dirname, '../..');

let site: KitSite;
let chromium: Chromium;
let folder: string;
beforeAll(async () => {
  // The package as somebody has installed it, and its examples beside it.
  folder = await mkdtemp(join(tmpdir(), 'usher-examples-'));
  const installed = join(folder, 'sdk/browser');
  await cp(join(ROOT, 'sdk/browser'), installed, { recursive: true, filter: (path) => !path.endsWith('/dist') });
  await symlink(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
  await promisify(execFile)(process.execPath, [join(installed, 'build.mjs')]);
  await mkdir(join(folder, 'node_modules/@usher'), { recursive: true });
  await symlink(installed, join(folder, 'node_modules/@usher/browser'));
  for (const name of ['react', 'react-dom', 'scheduler'])
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  await cp(join(installed, 'examples'), join(folder, 'examples'), { recursive: true });
  [site, chromium] = await Promise.all([KitSite.start({ rules: join(ROOT, 'rules') }), Chromium.start()]);
});
afterAll(async () => {
  await Promise.all([site.stop(), chromium.stop(), rm(folder, { recursive: true, force: true })]);
});

const example = (name: string) => readFile(join(folder, 'examples', name), 'utf8');

/** With the address and the key of here, and not in a hurry: the machine of a test may be slow. */
function ofHere(text: string): string {
  return text
    .replaceAll('https://usher.example', site.service.url)
    .replaceAll('the-browser-key-of-your-service', site.browserKey)
    .replaceAll('0s 400ms', '0s 60000ms')
    .replace('data-key=', 'data-timeout="60000" data-key=')
    .replace('createUsher({', 'createUsher({ timeout: 60000,');
}

async function titleOf(visitorId: string): Promise<string> {
  const { decisions } = (await site.decide(visitorId, 'home.hero')) as {
    decisions: { items: { content: { title: string } }[] }[];
  };
  return decisions[0]?.items[0]?.content.title ?? '';
}

async function shows(html: string, selector = 'h1'): Promise<void> {
  site.pages.set('/', { html });
  const tab = await chromium.newTab();
  await tab.goTo(site.url);
  const title = await titleOf('3f2a91c0-0000-4000-8000-00000000000a');
  await tab.waitFor(`document.querySelector(${JSON.stringify(selector)})?.textContent === ${JSON.stringify(title)}`);
  const id = await tab.read<string>('JSON.parse(localStorage.usher)[0]');
  await until('the view', async () => ((await site.heard(id))['Offer Shown'] ?? 0) > 0);
  expect(await tab.read('errors')).toEqual([]);
}

test('the page that docs/sites.md begins with shows what is decided, and says so', async () => {
  const page = blocksOf('sites.md').find(({ path }) => path === 'page.html')?.text ?? '';
  expect(page).toContain('data-usher');
  await shows(ofHere(page));
});

test('the plain page shows what is decided, and says so', async () => {
  await shows(ofHere(await example('plain/index.html')));
});

test('the wrapper for React shows what is decided, and says so', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'examples/react/app.jsx')],
    ...{ bundle: true, write: false, jsx: 'automatic', logLevel: 'silent' },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  site.pages.set('/app.js', { html: ofHere(outputFiles[0]?.text ?? '') });
  await shows(await example('react/index.html'));
});

test('the server that renders pages puts the decision into them, and the page asks nobody', async () => {
  const env = {
    ...{ ...INHERITED, PORT: '0', USHER_URL: site.service.url },
    ...{ USHER_KEY: site.serverKey, USHER_BROWSER_KEY: site.browserKey },
  };
  const server = spawn(process.execPath, [join(folder, 'examples/server/server.mjs')], { env });
  try {
    const url = await firstLine(server);
    const tab = await chromium.newTab();
    await tab.goTo(url);
    await tab.waitFor('document.querySelector("[data-usher]")?.dataset.usherDone !== undefined');
    const answer = await fetch(url);
    expect([answer.headers.get('cache-control'), await answer.text()]).toEqual([
      'private, no-store',
      expect.stringContaining('data-usher-decisions>{"decisionId"'),
    ]);
    expect(await tab.read('errors')).toEqual([]);
  } finally {
    server.kill();
    await once(server, 'exit');
  }
});

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const [chunk] = (await once(stdout as NonNullable<typeof stdout>, 'data')) as [Buffer];
  return chunk.toString().trim();
}
