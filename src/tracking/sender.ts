import type { FastifyRequest } from 'fastify';
import { proverOf } from '../access/access-guard.js';
import { channelForKey, type RequestChannel } from '../visitors/intake/request-channel.js';

/** Who sends events. */
export interface Sender {
  /** Whether its aliases may join two people who are both known: where its key is a secret one. */
  readonly trusted: boolean;
  /** Where its events come from, of which nothing tells. */
  readonly channel: RequestChannel['otherwise'];
  /** Where whose ids its events have has to be proven; absent where nobody asks. */
  readonly prove?: RequestChannel['prove'];
  /** What it calls itself, such as `analytics-node/3.1.0`; undefined where it does not. */
  readonly agent: string | undefined;
}

/** Who sent a request. */
export function senderOf(request: FastifyRequest): Sender {
  const { usherScopes, headers } = request;
  const trusted = usherScopes.has('server');
  return { trusted, channel: channelForKey(trusted), agent: headers['user-agent'], prove: proverOf(request) };
}
