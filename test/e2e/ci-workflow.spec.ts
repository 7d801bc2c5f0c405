import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { INHERITED } from './built.js';
import { BuiltCli } from './built-cli.js';
import { until } from '../until.js';

const WORKFLOW = join(import.meta.dirname, '../../docs/ci/usher-rules.yml');
const KEY = 'a-key-of-the-scope-server';

interface Step {
  readonly run?: string;
}

/**
 * The workflow of docs/replay.md, as a runner would run it: its own commands, in their order, with the command built
 * from here.
 */
describe('the CI workflow', () => {
  let cli: BuiltCli;
  let folder: string;
  let service: Awaited<ReturnType<BuiltCli['start']>>;
  let steps: readonly Step[];

  beforeAll(async () => {
    cli = await BuiltCli.open();
    folder = await mkdtemp(join(tmpdir(), 'usher-workflow-'));
    await mkdir(join(folder, 'data'));
    await writeFile(
      join(folder, 'npx'),
      `#!/bin/sh\nshift\nexec "${process.execPath}" "${cli.folder}/dist/cli/usher.js" "$@"\n`,
      { mode: 0o755 },
    );
    service = await cli.start({
      USHER_DATA: join(folder, 'data'),
      USHER_KEYS: `server:${KEY}`,
      USHER_RECORD_SHARE: '1',
    });
    steps = (parse(await readFile(WORKFLOW, 'utf8')) as { jobs: { rules: { steps: Step[] } } }).jobs.rules.steps;
  });
  afterAll(async () => {
    await service.stop();
    await cli.remove();
    await rm(folder, { recursive: true });
  });

  async function runAll(env: Readonly<Record<string, string>>): Promise<string> {
    const summary = join(folder, 'summary.md');
    await writeFile(summary, '');
    const whole = {
      ...INHERITED,
      PATH: `${folder}:${INHERITED.PATH}`,
      RULES: 'rules',
      USHER_URL: service.url,
      USHER_KEY: '',
      GITHUB_STEP_SUMMARY: summary,
      ...env,
    };
    for (const { run } of steps)
      if (run !== undefined && run !== 'npm ci')
        await promisify(execFile)('bash', ['-e', '-c', run], { cwd: cli.folder, env: whole });
    return readFile(summary, 'utf8');
  }

  test('checks, tests, replays what was decided, and shows what would change', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
    await fetch(`${service.url}/v1/decisions`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ visitorId: 'u-9', placements: ['home.hero'] }),
    });
    await until('the decision to be recorded', async () => {
      const recorded = await fetch(`${service.url}/v1/decisions/recorded`, { headers });
      return (await recorded.text()).includes('"input"');
    });
    const summary = await runAll({ USHER_KEY: KEY });
    expect(summary).toMatch(
      /^## What would change\n\n1 recorded decision, .*all come out as they did\.\n\n\*\*No decision shows anything else\.\*\*/,
    );
    expect(await readFile(join(cli.folder, 'usher-cases.xml'), 'utf8')).toContain('<testsuite');
  });

  test('goes on without a key, as pull requests of forks have none', async () => {
    await rm(join(cli.folder, 'usher-replay.md'), { force: true });
    expect(await runAll({})).toContain('There is no secret USHER_KEY here');
  });
});
