import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beside, Floor, startWatched, tellCost } from './beside.ts';
import { Deployment } from './deployment.ts';
import { markedRules } from './releases.ts';

const BODY_TIMEOUT_MS = 3_000;
const DRIP_MS = 100;

/**
 * So many callers at once whose bodies come a byte at a time: throws unless each is told that they are too slow or is
 * hung up on, and all decisions of a bystander are made in full meanwhile.
 */
export async function checkSlowCallers(dist: string, callers: number): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('SQLite', markedRules('mark'));
  const floor = await Floor.start(deployment);
  try {
    const service = await startWatched(deployment, 'a', { USHER_BODY_TIMEOUT_MS: String(BODY_TIMEOUT_MS) });
    const cost = await beside(service, floor, async () => {
      const heard = await Promise.all(Array.from({ length: callers }, () => drip(service.url)));
      const others = heard.filter((text) => text !== '' && !/^HTTP\/1\.1 408 /.test(text));
      if (others.length > 0) throw new Error(`${others.length} slow callers are told ${others[0]?.slice(0, 200)}`);
    });
    return [`SQLite: slow callers`, tellCost(`${callers} at once`, cost)].join('\n');
  } finally {
    await floor.stop();
    await deployment.close();
  }
}

/** Sends a byte, and another, until hung up on; gives what was answered. */
async function drip(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  let heard = '';
  socket.on('data', (piece: Buffer) => (heard += piece.toString())).on('error', () => undefined);
  // However it ends: one that is hung up on while it writes is told so as an error first.
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.write(
    'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n',
  );
  while (!socket.destroyed) {
    socket.write(' ');
    await sleep(DRIP_MS);
  }
  await gone;
  return heard;
}
