import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltCli } from '../../../test/e2e/built-cli.js';
import { builtFolder } from '../../../test/e2e/built.js';
import { blocksOf, missingIn } from '../../../test/e2e/tutorial.js';

const EXAMPLE_URL = 'http://127.0.0.1:3000';
const KEYS = { USHER_KEY: 'the-server-key-0123456789', PAGE_KEY: 'the-browser-key-0123456789' };

let cli: BuiltCli;
let service: Awaited<ReturnType<BuiltCli['start']>>;
let shop: string;
beforeAll(async () => {
  cli = await BuiltCli.open();
  service = await cli.start({
    USHER_DATA: join(cli.folder, 'data'),
    USHER_KEYS: `server:${KEYS.USHER_KEY},browser:${KEYS.PAGE_KEY}`,
  });
  // As it is installed, with nothing else.
  shop = await mkdtemp(join(tmpdir(), 'usher-shop-'));
  const installed = join(shop, 'node_modules/@usher/node');
  await mkdir(installed, { recursive: true });
  await cp(join(import.meta.dirname, '../package.json'), join(installed, 'package.json'));
  await symlink(join(builtFolder(), 'sdk/node/dist'), join(installed, 'dist'), 'dir');
});
afterAll(async () => {
  await service.stop();
  await cli.remove();
  await rm(shop, { recursive: true, force: true });
});

/** Does what the blocks of a page say, in its order, and gives where what comes is not what it prints. */
async function walk(page: string): Promise<string[]> {
  const untrue: string[] = [];
  let said = '';
  for (const { language, path, text, line } of blocksOf(page)) {
    if (language === 'sh') said = await send(text);
    if (language === 'js') said = await run(path, text);
    if (language !== 'text') continue;
    for (const missing of missingIn(said, text)) untrue.push(`${page}:${line}: "${missing}" is not in:\n${said}`);
  }
  return untrue;
}

async function run(path: string, text: string): Promise<string> {
  await writeFile(join(shop, path), text);
  const env = { ...process.env, ...KEYS, USHER_URL: service.url };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path], { cwd: shop, env });
  return stdout + stderr;
}

/** What a command of curl sends; not every machine has one. */
async function send(command: string): Promise<string> {
  const [, method = 'POST', url = '', type = '', body = ''] =
    /^curl -s (?:-X (\w+) )?'?(http:[^' ]+)'? -H 'content-type: ([^']+)' (?:--data-binary|-d) '([^]+)'\s*$/.exec(
      command,
    ) ?? [];
  const headers = { 'content-type': type, authorization: `Bearer ${KEYS.USHER_KEY}` };
  const response = await fetch(url.replace(EXAMPLE_URL, service.url), { method, headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${command} was answered ${response.status}: ${text}`);
  return text;
}

test.each(['letters.md', '../sdk/node/README.md'])('what docs/%s tells to paste does what it says', async (page) => {
  expect(await walk(page)).toEqual([]);
});
