import { describe, expect, test } from '@jest/globals';
import { parseRedisUrl } from './redis-url.js';

describe('REDIS_URL', () => {
  test.each([
    ['redis://h', { kind: 'single', address: { host: 'h', port: 6379 }, login: {} }],
    ['redis://h:7000/2', { kind: 'single', address: { host: 'h', port: 7000 }, login: { db: 2 } }],
    ['redis://[::1]:7000', { kind: 'single', address: { host: '::1', port: 7000 }, login: {} }],
    ['redis://:p%40ss@h', { kind: 'single', address: { host: 'h', port: 6379 }, login: { password: 'p@ss' } }],
    [
      'rediss://u:p@h',
      { kind: 'single', address: { host: 'h', port: 6379 }, login: { username: 'u', password: 'p', tls: true } },
    ],
    ['unix:///run/redis.sock', { kind: 'single', address: { path: '/run/redis.sock' }, login: {} }],
    [
      'redis+sentinel://u:p@a:1,b/main/3',
      {
        kind: 'sentinel',
        master: 'main',
        sentinels: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
        ],
        login: { username: 'u', password: 'p', db: 3 },
      },
    ],
    [
      'redis+sentinel://:p@a/main',
      { kind: 'sentinel', master: 'main', sentinels: [{ host: 'a', port: 26379 }], login: { password: 'p' } },
    ],
    [
      'rediss://u:p@a:1/0, rediss://b:2',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        login: { username: 'u', password: 'p', tls: true },
      },
    ],
  ])('%s is understood', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  test.each([
    'http://h',
    'redis://',
    'redis://h:port',
    'redis://h/first',
    'redis://a,',
    'redis://:s%ecret@h',
    'redis+sentinel://a:1,b:2',
    'redis+sentinel://a:1:2/main',
    'redis+sentinel://:secret@/main',
  ])('%s is refused with the name of the setting, without repeating a password', (url) => {
    const refused = expect.objectContaining({
      code: 'INVALID_SETTINGS',
      message: expect.stringMatching(/REDIS_URL: (?!.*s%?ecret)/),
    });
    expect(() => parseRedisUrl(url)).toThrow(refused);
  });
});
