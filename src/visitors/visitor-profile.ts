import { tellInteraction } from '../engine/interactions-fact.js';
import type { JsonObject, Millis } from '../engine/types.js';
import { idsOf } from './codec.js';
import { countersOf, traitsOf, type Memory } from './memory.js';

/** The single view of a person, as the API tells it. Times are ISO 8601 in UTC. */
export interface VisitorProfile {
  readonly visitorId: string;
  readonly ids: readonly string[];
  readonly traits: JsonObject;
  readonly consents: Record<string, never>;
  readonly counters: Readonly<Record<string, { readonly count: number; readonly first: string; readonly last: string }>>;
  /** Newest first, across all channels. */
  readonly interactions: readonly JsonObject[];
}

/** Tells a memory as a profile; `visitorId` is the id it was asked for by. */
export function tellVisitor(memory: Memory, visitorId: string): VisitorProfile {
  const counters = Object.entries(countersOf(memory)).map(([event, { count, first, last }]) => [event, { count, first: iso(first), last: iso(last) }] as const);
  return {
    visitorId,
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    traits: traitsOf(memory),
    consents: {},
    counters: Object.fromEntries(counters),
    interactions: memory.interactions.map(tellInteraction).reverse(),
  };
}

function iso(millis: Millis): string {
  return new Date(millis).toISOString();
}
