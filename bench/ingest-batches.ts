import type { Person } from './people.ts';

/**
 * How events follow each other: by `time` over all people, as a server that collects for a whole site sends them, so
 * that hardly two of a batch are of one person; or `visitor` by visitor, as devices send what they kept.
 */
export type Order = 'time' | 'visitor';

/**
 * Everything that some people did, none of it twice, as bodies of `POST /v1/batch` with so many events each, in the
 * form of Segment's library for servers.
 */
export function batchBodies(people: readonly Person[], batchSize: number, order: Order): string[] {
  const events = people.flatMap(({ id, deeds }) => deeds.map((deed) => ({ userId: id, deed })));
  if (order === 'time') events.sort((a, b) => a.deed.timestamp - b.deed.timestamp);
  const bodies: string[] = [];
  for (let at = 0; at < events.length; at += batchSize) {
    const batch = events.slice(at, at + batchSize).map(({ userId, deed }) => toEvent(userId, deed));
    bodies.push(JSON.stringify({ batch }));
  }
  return bodies;
}

function toEvent(userId: string, { event, timestamp, channel, properties, messageId }: Person['deeds'][number]) {
  return {
    ...{ userId, event, properties, type: 'track', timestamp: new Date(timestamp).toISOString() },
    context: { channel, library: { name: '@segment/analytics-node', version: '2.3.0' } },
    ...{
      integrations: {},
      messageId: `node-next-${timestamp}-${messageId}`,
      _metadata: { nodeVersion: '24.21.0', jsRuntime: 'node' },
    },
  };
}
