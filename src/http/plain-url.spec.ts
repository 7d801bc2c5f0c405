import { describe, expect, test } from '@jest/globals';
import { plainUrl, unreadableIn } from './plain-url.js';

describe('the address that a request means', () => {
  test.each([
    ['/v1/batch', '/v1/batch'],
    ['/v1/batch/', '/v1/batch'],
    ['//v1/projects/k/settings', '/v1/projects/k/settings'],
    ['///v1//track///', '/v1/track'],
    ['/v1/visitors/a%2F%2Fb/', '/v1/visitors/a%2F%2Fb'],
    ['/v1/visitors/a/timeline/?event=a//b/', '/v1/visitors/a/timeline?event=a//b/'],
    ['/v1/track?', '/v1/track?'],
    ['/health/ready/', '/health/ready'],
    ['/docs/', '/docs/'],
    ['//docs//static/', '/docs/static/'],
    ['/', '/'],
    ['//', '/'],
    ['', ''],
    ['*', '*'],
  ])('of %p is %p', (url, plain) => expect(plainUrl(url)).toBe(plain));
});

describe('an address that is no text', () => {
  test.each([
    ['/v1/visitors/%ED%A0%80', '"%ED%A0%80"'],
    ['/v1/visitors/%zz/export', '"%zz"'],
    ['/v1/visitors/a%', '"%"'],
    ['?event=%C3%28', '"%C3%28"'],
    [`?event=${'%ff'.repeat(1_000)}`, '"%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%…"'],
  ])('%s is told by what is wrong with it', (url, shown) => {
    expect(unreadableIn(url)).toContain(`${shown} in the address is no text; write each character`);
  });

  test.each(['/v1/visitors/J%C3%BCrgen', '/v1/visitors/a%2Fb?event=100%25', '/v1/track', '?event=%F0%9F%92%90+x'])(
    '%s is one',
    (url) => {
      expect(unreadableIn(url)).toBeUndefined();
    },
  );
});
