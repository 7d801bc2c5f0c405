import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';

const KEY = '0123456789abcdef0123456789abcdef';

describe('a service without keys', () => {
  test.each(['', '127.0.0.1', '127.9.9.9', 'localhost', '::1'])('listens on loopback: %j', (host) => {
    expect(readConfig({ HOST: host }).keys).toEqual([]);
  });

  test.each(['0.0.0.0', '::', '10.0.0.7', 'usher.example', '127.0.0.1.example', '1127.0.0.1'])(
    'does not listen on %j, and says what to set',
    (host) => {
      expect(() => readConfig({ HOST: host })).toThrow(
        /HOST: .*without keys whoever reaches Usher may read and change everything.*\n.*USHER_KEYS: is not set; give it scope:key pairs/,
      );
    },
  );
});

test.each(['9', '60001', '1.5', 'soon'])('a service waits for Redis from 10 to 60000 ms, not %j', (text) => {
  expect(() => readConfig({ USHER_REDIS_TIMEOUT_MS: text })).toThrow(
    `USHER_REDIS_TIMEOUT_MS: must be a whole number from 10 to 60000; got "${text}"`,
  );
  expect(readConfig({}).redisTimeoutMs).toBe(1_000);
});

describe('a service with keys', () => {
  test('listens wherever it is told to', () => {
    expect(readConfig({ HOST: '0.0.0.0', USHER_KEYS: `admin:${KEY}` })).toMatchObject({
      host: '0.0.0.0',
      keys: [{ scope: 'admin' }],
    });
  });

  test('reads them from a file as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-keys-'));
    const file = join(folder, 'keys');
    await writeFile(file, `# ours\nserver:${KEY}\n`);
    expect(
      readConfig({ HOST: '::', USHER_KEYS_FILE: file, USHER_KEYS: `browser:${KEY}1` }).keys.map(({ scope }) => scope),
    ).toEqual(['browser', 'server']);
    await rm(folder, { recursive: true });
    expect(() => readConfig({ USHER_KEYS_FILE: file })).toThrow(/USHER_KEYS_FILE: can't be read \(ENOENT\): ".*keys"/);
  });

  test('lists all that is wrong with its settings at once, and calls no broken key a missing one', () => {
    const start = () => readConfig({ HOST: '0.0.0.0', PORT: 'x', USHER_KEYS: `admin:short,admin:${KEY}` });
    expect(start).toThrow(/PORT: must be a whole number.*\n.*USHER_KEYS: pair 1 has a key of 5 characters/);
    expect(start).not.toThrow(/HOST|is not set/);
    expect(start).not.toThrow(KEY);
  });
});
