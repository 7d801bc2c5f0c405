import { expect, test } from '@jest/globals';
import { tryIt } from './try-it.js';

test('the request to try is one command with a body that is JSON', () => {
  const [, url, body] =
    /^curl -s (\S+) -H 'content-type: application\/json' -d '([^']+)'$/.exec(tryIt('http://127.0.0.1:3000')) ?? [];
  expect(url).toBe('http://127.0.0.1:3000/v1/decisions');
  expect(JSON.parse(body ?? '')).toMatchObject({
    placements: ['home.hero'],
    events: [{ type: 'track', messageId: expect.any(String) }],
  });
});
