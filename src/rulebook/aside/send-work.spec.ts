import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sendWork } from './send-work.js';

const dir = mkdtempSync(join(tmpdir(), 'usher-send-spec-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('rules on their way to a process', () => {
  test('are dropped where it has ended, and nobody is ended with it', async () => {
    const program = join(dir, 'ends.mjs');
    writeFileSync(program, '');
    const child = fork(program, [], { serialization: 'advanced', execArgv: [] });
    await once(child, 'exit');
    const errors: unknown[] = [];
    child.on('error', (error) => errors.push(error));
    const source = Array.from({ length: 500 }, (_, at) => ({ path: `offers/${at}.json`, text: '{}' }));
    await sendWork(child, { job: 'build', source });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(errors).toEqual([]);
  });
});
