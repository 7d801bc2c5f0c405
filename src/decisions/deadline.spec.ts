import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { withDeadline } from './deadline.js';

describe('a deadline', () => {
  test('gives what comes in time, what fails, and what is late', async () => {
    expect(await withDeadline(Promise.resolve(1), 1_000)).toEqual({ kind: 'done', value: 1 });
    expect(await withDeadline(Promise.reject(new RangeError('no')), 1_000)).toMatchObject({ kind: 'failed' });
    expect(await withDeadline(new Promise(() => undefined), 1)).toEqual({ kind: 'late' });
  });

  test('takes what arrived while the process was busy', async () => {
    const [ours, theirs] = await connectedPair();
    const answered = once(ours, 'data');
    theirs.write('an answer');
    const outcome = withDeadline(answered, 5);
    for (const until = performance.now() + 20; performance.now() < until;);
    expect(await outcome).toMatchObject({ kind: 'done' });
    theirs.destroy();
  });
});

/** Two ends of a connection. */
async function connectedPair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const ours = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [theirs] = await accepted;
  await once(ours, 'connect');
  server.close();
  return [ours, theirs];
}
