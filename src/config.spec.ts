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

test('replicas are waited for where there may be some', () => {
  expect(() => readConfig({ USHER_LIMITS_WAIT: '-1' })).toThrow('must be a whole number from 0 to 10; got "-1"');
  const warned = (env: NodeJS.ProcessEnv) => readConfig(env).warnings.some((one) => one.includes('USHER_LIMITS_WAIT'));
  expect(warned({ USHER_LIMITS_WAIT: '1' })).toBe(true);
  expect(warned({ USHER_LIMITS_WAIT: '1', REDIS_URL: 'redis://localhost' })).toBe(false);
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

describe('what is set wrongly', () => {
  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'foo', /must be an address such as http:\/\/127.0.0.1:4318; got "foo"/],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', '127.0.0.1:4318', /must be an address/],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', /must be a whole number from 1 on; got "10s"/],
    ['OTEL_EXPORTER_OTLP_METRICS_COMPRESSION', 'brotli', /must be one of gzip, none/],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', 'no/such/file', /can't be read \(ENOENT\)/],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'soap', /must be one of http\/json/],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=1,b', /must be name=value pairs.*; pair 2 is not/],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%E0%A4%A', /must be name=value pairs.*; pair 1 is not/],
    ['OTEL_TRACES_SAMPLER', 'half', /must be one of always_on/],
    ['OTEL_TRACES_SAMPLER_ARG', '5', /must be a number from 0 to 1/],
    ['OTEL_METRIC_EXPORT_INTERVAL', '0', /must be a whole number from 1 on/],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-1', /must be a whole number from 1 on/],
    ['OTEL_SDK_DISABLED', 'yes', /must be one of true, false/],
    ['USHER_APPROVALS', 'true', /must be 1 or 0; got "true"/],
  ])('is refused by its name, with what to write: %s=%s', (name, text, why) => {
    expect(() => readConfig({ [name]: text })).toThrow(new RegExp(`${name}: ${why.source}`));
  });

  test('keeps what may be secret to itself', () => {
    const start = () => readConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization' + '-of-ours' });
    expect(start).toThrow(/OTEL_EXPORTER_OTLP_HEADERS: .*pair 1 is not/);
    expect(start).not.toThrow(/of-ours/);
  });

  test.each(['PORT', 'HOST', 'USHER_RECORD_SHARE', 'USHER_KEEP_DAYS', 'REDIS_URL', 'USHER_CORS_ORIGINS'])(
    'is not a blank, which is as if it were not set: %s',
    (name) => {
      expect(readConfig({ [name]: ' ' })).toEqual(readConfig({}));
    },
  );

  test.each([
    ['USHER_KEEP_DAY', 'is not a setting of Usher; did you mean "USHER_KEEP_DAYS"?'],
    ['usher_keep_days', 'is not a setting of Usher; did you mean "USHER_KEEP_DAYS"?'],
    ['USHER_PORT', 'is not a setting of Usher; did you mean "PORT"?'],
    ['USHER_REDIS_URL', 'is not a setting of Usher; did you mean "REDIS_URL"?'],
    ['REDIS_URI', 'is not a setting of Usher; did you mean "REDIS_URL"?'],
    ['USHER_COLOUR', 'is not a setting of Usher; all settings are in docs/operations.md'],
    ['OTEL_SERVICE_NAM', 'has no effect on Usher; did you mean "OTEL_SERVICE_NAME"?'],
    ['OTEL_PROPAGATORS', 'has no effect on Usher; all settings are in docs/operations.md'],
  ])('is named where it has no effect: %s', (name, why) => {
    expect(readConfig({ [name]: '1' }).warnings).toEqual([`${name} ${why}`]);
  });

  test('is not what belongs to others, or to the command line', () => {
    const others = { PATH: '/bin', REDIS_PORT: '6379', REDIS_SERVICE_HOST: 'x', USHER_URL: 'x', USHER_KEY: 'x' };
    expect(readConfig(others).warnings).toEqual([]);
  });
});

describe('the export of telemetry', () => {
  const exported = (env: NodeJS.ProcessEnv) => {
    const { traces, metrics } = readConfig(env).otel;
    return [traces, metrics];
  };
  const to = 'http://127.0.0.1:4318';

  test('begins with an endpoint, of both or of one, and is switched off by the standard words', () => {
    expect(exported({})).toEqual([false, false]);
    expect(exported({ OTEL_EXPORTER_OTLP_ENDPOINT: to })).toEqual([true, true]);
    expect(exported({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${to}/v1/metrics` })).toEqual([false, true]);
    expect(exported({ OTEL_EXPORTER_OTLP_ENDPOINT: to, OTEL_TRACES_EXPORTER: 'none' })).toEqual([false, true]);
    expect(exported({ OTEL_EXPORTER_OTLP_ENDPOINT: to, OTEL_SDK_DISABLED: 'true' })).toEqual([false, false]);
  });

  test('is not spoken in another protocol, and says so', () => {
    expect(readConfig({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }).warnings).toEqual([
      expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL=grpc has no effect: Usher sends http/json'),
    ]);
  });
});
