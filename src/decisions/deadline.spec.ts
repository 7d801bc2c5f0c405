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

  test('ends the wait of each in its own time, whoever began first', async () => {
    const ended: string[] = [];
    const wait = async (name: string, promise: Promise<unknown>, deadlineMs: number) => {
      const { kind } = await withDeadline(promise, deadlineMs);
      ended.push(`${name} ${kind}`);
    };
    const never = new Promise(() => undefined);
    const { promise: soon, resolve: come } = Promise.withResolvers<void>();
    const all = [wait('long', never, 30), wait('short', never, 1), wait('soon', soon, 10_000), wait('mid', never, 15)];
    await all[1];
    come();
    await Promise.all(all);
    // On a busy machine the others may be late before it is looked at that one has come.
    expect(ended.filter((one) => one !== 'soon done')).toEqual(['short late', 'mid late', 'long late']);
    expect(ended).toContain('soon done');
  });

  test('goes on telling lateness when those before it came in time', async () => {
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, at) => withDeadline(Promise.resolve(at), 5)));
      expect(await withDeadline(new Promise(() => undefined), 5)).toEqual({ kind: 'late' });
    }
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
