import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltCli } from '../e2e/built-cli.js';

/** A taste of `npm run stress`. */
describe('when all goes wrong at once', () => {
  let built: BuiltCli;
  beforeAll(async () => {
    built = await BuiltCli.build();
  });
  afterAll(() => built.remove());

  test('processes that write about the same people end as one would, and a kill loses no event', async () => {
    const args = [
      join(import.meta.dirname, 'run.ts'),
      '--dist',
      join(built.folder, 'dist'),
      '--people',
      '30',
      '--kills',
      '2',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(/30 people.*\n.*killed 2 times.*\n.*killed 2 times.*\n.*killed 2 times/);
  });
});
