import type { FastifyRequest } from 'fastify';

/** Who sends events. */
export interface Sender {
  /** Whether its aliases may join two people who are both known: where its key is a secret one. */
  readonly trusted: boolean;
  /** What it calls itself, such as `analytics-node/3.1.0`; undefined where it does not. */
  readonly agent: string | undefined;
}

/** Who sent a request. */
export function senderOf({ usherScopes, headers }: FastifyRequest): Sender {
  return { trusted: usherScopes.has('server'), agent: headers['user-agent'] };
}
