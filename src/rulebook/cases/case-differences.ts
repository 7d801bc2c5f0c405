import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../engine/language/json.js';
import type { PlacementDecision } from '../../engine/answer.js';
import { valueDifferences } from './value-differences.js';
import type { OfferFates } from '../../engine/explain/explanation.js';
import type { Definition, Definitions } from '../../engine/language/definitions.js';
import { whyNotText } from '../../words/explanation-words.js';

/** What a case was decided from, and what became of the offers it expects; asked only where one of them is missing. */
export interface CaseWorld {
  readonly definitions: Definitions;
  readonly explain: () => readonly OfferFates[];
}

/** What differs between a case's expectation and its decision, one line each. */
export function differencesOf(
  written: Definition<'cases'>,
  decisions: readonly PlacementDecision[],
  world: CaseWorld,
): string[] {
  const offers = Object.entries(written.expect).flatMap(([placement, expected]) =>
    offerDifferences(placement, expected, decisions, world),
  );
  const content = Object.entries(written.expectContent ?? {}).flatMap(([placement, expected]) =>
    contentDifferences(placement, expected, decisions),
  );
  const gates = Object.entries(written.expectGates ?? {}).flatMap(([placement, expected]) =>
    gateDifferences(placement, expected, world),
  );
  return [...offers, ...content, ...gates];
}

function offerDifferences(
  placement: string,
  expected: readonly string[],
  decisions: readonly PlacementDecision[],
  world: CaseWorld,
): string[] {
  const items = itemsOf(placement, decisions);
  const got = items.map((item) => item.offer);
  if (isDeepStrictEqual(got, expected)) return [];
  const missing = expected.filter((offer) => !got.includes(offer));
  const more = items.filter(({ offer }) => !expected.includes(offer));
  const summary = [
    ...(missing.length > 0 && expected.length > 1 ? [`missing ${list(missing)}`] : []),
    ...(more.length > 0 && got.length > 1 ? [`not expected ${list(more.map(itemText))}`] : []),
    ...(missing.length === 0 && more.length === 0 ? [orderText(expected, got)] : []),
  ];
  return [
    `${placement}: expected ${list(expected)}, got ${list(items.map(itemText))}`,
    ...(summary.length > 0 ? [`${placement}: ${summary.join('; ')}`] : []),
    ...missing.map((offer) => `${placement}: ${whyNot(placement, offer, world)}`),
  ];
}

function whyNot(placement: string, offer: string, { definitions, explain }: CaseWorld): string {
  const status = definitions.offers.get(offer)?.status ?? 'live';
  if (status !== 'live') return `${offer} is ${status}`;
  const explained = explain().find((one) => one.placement === placement);
  return explained ? whyNotText(offer, explained) : `there is no live placement ${placement}`;
}

function gateDifferences(placement: string, expected: Readonly<Record<string, string>>, world: CaseWorld): string[] {
  const fates = world.explain().find((one) => one.placement === placement)?.rules ?? [];
  return Object.entries(expected).flatMap(([offer, gate]) =>
    fates.some((fate) => fate.offer === offer && fate.gate === gate)
      ? []
      : [`${placement}: expected ${offer} to be stopped by ${gate}; ${whyNot(placement, offer, world)}`],
  );
}

function orderText(expected: readonly string[], got: readonly string[]): string {
  if (expected.length !== got.length) return 'the same offers, not as often';
  const place = expected.findIndex((offer, index) => offer !== got[index]);
  return `the same offers in another order, from place ${place + 1} on`;
}

function contentDifferences(
  placement: string,
  expected: JsonObject,
  decisions: readonly PlacementDecision[],
): string[] {
  const [first] = itemsOf(placement, decisions);
  if (!first) return [`${placement}: expected content, got no offer`];
  const names = Object.entries(expected).map(([name, value]) => ({
    name,
    value,
    got: Object.hasOwn(first.content, name) ? first.content[name] : undefined,
  }));
  return names
    .flatMap(({ name, value, got }) => valueDifferences(name, plain(value), plain(got)))
    .map((text) => `${placement}: ${text}`);
}

function itemsOf(placement: string, decisions: readonly PlacementDecision[]): PlacementDecision['items'] {
  return decisions.find((decision) => decision.placement === placement)?.items ?? [];
}

function itemText({ offer, rule }: PlacementDecision['items'][number]): string {
  return rule === undefined ? `${offer} (the fallback)` : `${offer} (by ${rule})`;
}

function list(offers: readonly string[]): string {
  return offers.length === 0 ? 'nothing' : offers.join(', ');
}

/** Frozen or not, with or without a prototype: what counts is the JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
