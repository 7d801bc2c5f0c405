import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BuiltCli } from './built-cli.js';
import { blocksOf, missingIn } from './tutorial.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.build();
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

test('a page that promises what does not come is found out', () => {
  expect(missingIn('2 rows read in 0.1 s\n2 accepted\n', '2 rows read …\n2 accepted')).toEqual([]);
  expect(missingIn('2 rows read\n2 accepted\n', '2 accepted\n2 rows read')).toEqual(['2 rows read']);
});
