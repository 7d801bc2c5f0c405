import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.js';

/** A page and what belongs to it, by path. */
export type Site = Readonly<Record<string, { readonly type: string; readonly content: string | Buffer }>>;

/** What keeps it from doing what no test asked for. */
export const QUIET = [
  '--no-first-run',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * Opens the page `/` of a site in a real headless Chromium, and closes it when `isDone`. Rejects with what the page
 * posts to `/problem`, and when it is not done in time.
 */
export async function visit(site: Site, isDone: () => boolean): Promise<void> {
  const problem = Promise.withResolvers<never>();
  const server = createServer((request, response) => {
    if (request.url === '/problem')
      void request.toArray().then((chunks) => problem.reject(new Error(Buffer.concat(chunks as Buffer[]).toString())));
    const { type, content } = site[request.url ?? '/'] ?? { type: 'text/plain', content: '' };
    response.setHeader('content-type', type).end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = await open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, problem.reject);
  try {
    await Promise.race([problem.promise, until('the page to be done', isDone)]);
  } finally {
    await close();
    server.closeAllConnections();
    server.close();
  }
}

/** Chromium keeps all it has in a folder of its own, which goes with it. */
async function open(url: string, onFailure: (error: Error) => void): Promise<() => Promise<void>> {
  const profile = await mkdtemp(join(tmpdir(), 'usher-browser-'));
  // Tests run as root in containers, where its sandbox can't be, and open no page but their own.
  const browser = spawn(browserCommand(), ['--headless', '--no-sandbox', ...QUIET, `--user-data-dir=${profile}`, url], {
    stdio: 'ignore',
  });
  const gone = once(browser, 'exit').catch(() => undefined);
  browser.once('error', onFailure);
  return async () => {
    browser.kill('SIGKILL');
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
}

/** The Chromium of this machine, as `test/ensure-tools.mjs` has seen to. */
export function browserCommand(): string {
  const found = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].find(
    (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined) throw new Error('there is no Chromium: run node test/ensure-tools.mjs');
  return found;
}
