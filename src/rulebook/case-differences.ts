import { isDeepStrictEqual } from 'node:util';
import type { CaseDefinition, JsonObject } from '../engine/definitions.js';
import type { PlacementDecision } from '../engine/types.js';
import { whyNot, type CaseWorld } from './why-not.js';

/** What differs between a case's expectation and its decision, one line each. */
export function differencesOf(told: CaseDefinition, decisions: readonly PlacementDecision[], world: CaseWorld): string[] {
  const offers = Object.entries(told.expect).flatMap(([placement, expected]) => offerDifferences(placement, expected, decisions, world));
  const content = Object.entries(told.expectContent ?? {}).flatMap(([placement, expected]) => contentDifferences(placement, expected, decisions));
  return [...offers, ...content];
}

function offerDifferences(placement: string, expected: readonly string[], decisions: readonly PlacementDecision[], world: CaseWorld): string[] {
  const got = itemsOf(placement, decisions).map((item) => item.offer);
  if (isDeepStrictEqual(got, expected)) return [];
  const missing = expected.filter((offer) => !got.includes(offer));
  return [
    `${placement}: expected ${list(expected)}, got ${list(itemsOf(placement, decisions).map(told))}`,
    ...missing.map((offer) => `${placement}: ${whyNot(placement, offer, world)}`),
  ];
}

function contentDifferences(placement: string, expected: JsonObject, decisions: readonly PlacementDecision[]): string[] {
  const [first] = itemsOf(placement, decisions);
  if (!first) return [`${placement}: expected content, got no offer`];
  return Object.entries(expected)
    .map(([name, value]) => ({ name, value, got: Object.hasOwn(first.content, name) ? first.content[name] : undefined }))
    .filter(({ value, got }) => !isDeepStrictEqual(plain(got), plain(value)))
    .map(({ name, value, got }) => `${placement}: expected ${name} ${JSON.stringify(value)}, got ${JSON.stringify(got) ?? 'nothing'}`);
}

function itemsOf(placement: string, decisions: readonly PlacementDecision[]): PlacementDecision['items'] {
  return decisions.find((decision) => decision.placement === placement)?.items ?? [];
}

function told({ offer, rule }: PlacementDecision['items'][number]): string {
  return rule === undefined ? `${offer} (the fallback)` : `${offer} (by ${rule})`;
}

function list(offers: readonly string[]): string {
  return offers.length === 0 ? 'nothing' : offers.join(', ');
}

/** Frozen or not, with or without a prototype: what counts is the JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
