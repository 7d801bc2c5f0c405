import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import { visit } from './browser.js';
import { BuiltCli } from './built-cli.js';
import { blocksOf, missingIn } from './tutorial.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.open();
});
afterAll(() => cli.remove());

/** Does what the blocks of a page say, in its order, and gives where an answer is not the one that it prints. */
async function walk(page: string): Promise<string[]> {
  const untrue: string[] = [];
  const env: Record<string, string> = {};
  let service: Awaited<ReturnType<BuiltCli['start']>> | undefined;
  let said = '';
  const run = async (command: string): Promise<string> => {
    const [, name, value] = /^export (\w+)=(\S+)$/.exec(command) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    else if (command.startsWith('mkdir -p ')) await mkdir(join(cli.folder, command.slice(9)), { recursive: true });
    else if (command.startsWith('npx usher start')) {
      service = await cli.start({ ...env, USHER_DATA: join(cli.folder, 'data') }, command.split(' ').slice(3));
      env['USHER_URL'] = service.url;
    } else if (command.startsWith('npx usher ')) {
      const args = [...command.slice(10).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
      const { code, stdout, stderr } = await cli.run(args, { env });
      if (code !== 0) throw new Error(`${command} ended with ${code}:\n${stdout}${stderr}`);
      return stdout;
    } else throw new Error(`nobody knows how to run: ${command}`);
    return '';
  };
  try {
    for (const { language, path, text, line } of blocksOf(page)) {
      if (language === 'sh') {
        said = '';
        for (const command of text.trim().split('\n')) said += await run(command);
      } else if (language === 'text') {
        for (const missing of missingIn(said, text)) untrue.push(`${page}:${line}: "${missing}" is not in:\n${said}`);
      } else if (path !== '') {
        await mkdir(dirname(join(cli.folder, path)), { recursive: true });
        await writeFile(join(cli.folder, path), text);
      }
    }
  } finally {
    await service?.stop();
  }
  return untrue;
}

test('the first rules are written, tested, published and taken back as docs/tutorial-first-rules.md says', async () => {
  expect(await walk('tutorial-first-rules.md')).toEqual([]);
});

test('the page of docs/tutorial-web-page.md shows what is decided, and reports what it showed', async () => {
  const [browser, admin] = ['browser-key-0123456789', 'admin-key-0123456789'];
  const settings = { USHER_KEYS: `browser:${browser},admin:${admin}`, USHER_DEADLINE_MS: '10000' };
  const service = await cli.start({ ...settings, USHER_DATA: join(cli.folder, 'data-of-the-page') });
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
  const eventsSeen = async (): Promise<string> => (await fetch(`${service.url}/v1/tracking/seen`, { headers })).text();
  const page = blocksOf('tutorial-web-page.md').find(({ path }) => path === 'page.html')?.text ?? '';
  // The page leaves once it shows something else than its own text, and tells what, as no test can look into it.
  const then = `<script>
    const looking = setInterval(() => {
      const title = document.getElementById('hero').textContent;
      if (title === 'Welcome') return;
      clearInterval(looking);
      const body = JSON.stringify({ writeKey: key, ...event('track', { event: 'Title: ' + title }) });
      fetch(usher + '/v1/track', { method: 'POST', body }).then(() => (location.href = '/left'));
    }, 20);
  </script>`;
  const content = page
    .replace('https://usher.example', service.url)
    .replace('the-browser-key-of-your-service', browser)
    // The machine of a test may be slow; what the page does then is its own text.
    .replace('timeout(300)', 'timeout(30000)')
    .concat(then);
  let seen = '';
  const watching = setInterval(() => void eventsSeen().then((text) => (seen = text)), 200);
  try {
    await visit({ '/': { type: 'text/html', content } }, () => seen.includes('Offer Seen'));
    const body = JSON.stringify({ visitorId: 'another', placements: ['home.hero'], channel: 'web', dryRun: true });
    const decided = await fetch(`${service.url}/v1/decisions`, { method: 'POST', headers, body });
    const { decisions } = (await decided.json()) as DecisionAnswer;
    expect(seen).toContain(`Title: ${decisions[0]?.items[0]?.content['title'] as string}`);
    expect(seen).toContain('Page Viewed');
  } finally {
    clearInterval(watching);
    await service.stop();
  }
});

test('a page that promises what does not come is found out', () => {
  expect(missingIn('2 rows read in 0.1 s\n2 accepted\n', '2 rows read …\n2 accepted')).toEqual([]);
  expect(missingIn('2 rows read\n2 accepted\n', '2 accepted\n2 rows read')).toEqual(['2 rows read']);
});
