import { describe, expect, test } from '@jest/globals';
import { plainUrl } from './plain-url.js';

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
