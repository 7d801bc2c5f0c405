import type { FastifyRequest } from 'fastify';
import { hasSecretKey, proverOf } from '../access/access-guard.js';
import type { GuardedDoor } from '../visitors/guarded-met.js';
import { channelForKey, type RequestChannel } from '../visitors/intake/request-channel.js';

/** Who sends events. */
export interface Sender {
  /** Whether its aliases may join two people who are both known: where its key is a secret one. */
  readonly trusted: boolean;
  /** Where its events come from, of which nothing tells. */
  readonly channel: RequestChannel['otherwise'];
  /** By which door they come. */
  readonly door: GuardedDoor;
  /** Where whose ids its events have has to be proven; absent where nobody asks. */
  readonly prove?: RequestChannel['prove'];
  /** What it calls itself, such as `analytics-node/3.1.0`; undefined where it does not. */
  readonly agent: string | undefined;
}

/** Who sent a request, and to which door. */
export function senderOf(request: FastifyRequest, door: GuardedDoor): Sender {
  const { usherScopes, headers } = request;
  const trusted = usherScopes.has('server');
  const channel = channelForKey(hasSecretKey(request));
  return { trusted, channel, door, agent: headers['user-agent'], prove: proverOf(request) };
}
