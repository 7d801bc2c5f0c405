import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltCli } from '../e2e/built-cli.js';

/** A taste of `npm run drills`. */
describe('releases, whatever happens', () => {
  let built: BuiltCli;
  beforeAll(async () => {
    built = await BuiltCli.build();
  });
  afterAll(() => built.remove());

  test('switch under load, serve a share, survive kills, and serve without their store', async () => {
    const args = [
      join(import.meta.dirname, 'run.ts'),
      '--dist',
      join(built.folder, 'dist'),
      '--releases',
      '2',
      '--visitors',
      '10000',
      '--kills',
      '1',
      // How soon releases switch is asked of a quiet machine alone.
      '--rate',
      '20',
      '--within',
      '60000',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(
      /^2 releases.*\n10000 visitors.*\nSQLite: killed 1 times.*\nRedis: killed 1 times.*\nthe store stopped/,
    );
  });
});
