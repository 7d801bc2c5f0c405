/** What a long past costs: the same decisions for visitors who did little and for visitors who did much. */
import type { Comparison } from '../src/engine/language/condition-definition.js';
import type { Definitions } from '../src/engine/language/definitions.js';
import type { PlacementDefinition } from '../src/engine/language/placement-definition.js';
import type { RuleDefinition } from '../src/engine/language/rule-definition.js';
import { EVENTS, invent, NUMBERS, type Person } from './people.ts';
import { between, pick, seeded } from './random.ts';

/** Microseconds per decision of visitors with so many retained interactions, from their stored bytes to the answer. */
export interface VisitorRow {
  readonly interactions: number;
  /** The share of the rules that ask for a window of past behaviour; the others ask for traits. */
  readonly windowed: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

const NOW = Date.UTC(2026, 10, 21);
const PLACEMENTS = 50;
const RULES_EACH = 20;
const VISITORS = 200;
const RETENTION = { keepInteractions: 500, keepDays: 90 };
const WARM_UP_MS = 700;
const ROUND_MS = 500;
const ROUNDS = 4;

/** Visitors of 5 and of 500 interactions take turns, so that a busy moment of the machine meets both. */
export async function measureVisitors(windowed: number): Promise<VisitorRow[]> {
  const decideOnce = await makeDecider(windowed);
  const sides = await Promise.all(
    [5, 500].map(async (deeds) => ({ deeds, documents: await documents(deeds), taken: [] as number[] })),
  );
  for (const { documents } of sides) time(documents, decideOnce, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { documents, taken } of sides) for (const one of time(documents, decideOnce, ROUND_MS)) taken.push(one);
  }
  return sides.map(({ deeds, taken }) => {
    const sorted = taken.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
    return { interactions: deeds, windowed, p50Us: at(0.5), p99Us: at(0.99) };
  });
}

type DecideOnce = (document: Uint8Array, call: number) => unknown;

function time(documents: readonly Uint8Array[], decideOnce: DecideOnce, ms: number): number[] {
  const taken: number[] = [];
  const until = performance.now() + ms;
  for (let call = 0; performance.now() < until; call++) {
    const started = performance.now();
    decideOnce(documents[call % documents.length] as Uint8Array, call);
    taken.push((performance.now() - started) * 1_000);
  }
  return taken;
}

async function makeDecider(windowed: number): Promise<DecideOnce> {
  const { compileRulebook } = (await built('engine/compile.js')) as typeof import('../src/engine/compile.js');
  const { decide } = (await built('engine/decide.js')) as typeof import('../src/engine/decide.js');
  const { viewOfBytes } = (await built(
    'visitors/documents/codec.js',
  )) as typeof import('../src/visitors/documents/codec.js');
  const rendered = { content: {}, actions: [] };
  const rulebook = compileRulebook(
    definitions(windowed),
    { renderer: () => () => rendered, instant: Date.parse },
    { version: 1, digest: '' },
  );
  return (document, call) => {
    const visitor = viewOfBytes(document, 'visitor', NOW, RETENTION);
    return decide({
      request: { placements: [{ id: `slot-${call % PLACEMENTS}` }], context: {} },
      visitor,
      rulebook,
      now: NOW,
    });
  };
}

async function documents(deeds: number): Promise<Uint8Array[]> {
  const { apply, emptyMemory } = (await built(
    'visitors/memory/memory.js',
  )) as typeof import('../src/visitors/memory/memory.js');
  const { encode } = (await built(
    'visitors/documents/codec.js',
  )) as typeof import('../src/visitors/documents/codec.js');
  return invent({ people: VISITORS, deeds, now: NOW, attributes: true }).map(({ id, traits, deeds }: Person) => {
    const whose = { userId: id, anonymousId: undefined };
    const said = {
      kind: 'traits',
      source: 'identify',
      ...whose,
      messageId: undefined,
      timestamp: NOW,
      arrival: 0,
      traits,
    } as const;
    const did = deeds.map((deed, at) => ({ kind: 'interaction', ...whose, arrival: at + 1, ...deed }) as const);
    return encode({ kind: 'memory', memory: apply(emptyMemory(id), [said, ...did], NOW, RETENTION).memory });
  });
}

/** 20 rules at each of 50 placements, each with an offer of its own, so that all of them are asked. */
function definitions(windowed: number): Definitions {
  const random = seeded(3);
  const places = Array.from({ length: PLACEMENTS }, (_, at) => `slot-${at}`);
  const rules = Array.from(
    { length: PLACEMENTS * RULES_EACH },
    (_, at) =>
      [
        `rule-${at}`,
        makeRule({ offer: `rule-${at}`, placement: places[at % PLACEMENTS] ?? '', windowed }, random),
      ] as const,
  );
  return {
    placements: new Map(places.map((id) => [id, { name: id } satisfies PlacementDefinition])),
    offers: new Map(rules.map(([id]) => [id, { name: id, treatments: { '*': { content: {} } } }])),
    segments: new Map(),
    rules: new Map(rules),
    cases: new Map(),
  };
}

/** What asks for the past asks for a trait before, half of the time. */
function makeRule(
  { offer, placement, windowed }: { offer: string; placement: string; windowed: number },
  random: () => number,
): RuleDefinition {
  const past = random() < windowed ? [windowLeaf(random)] : [];
  const traits = random() < 0.5 || past.length === 0 ? [traitLeaf(random)] : [];
  return {
    name: placement,
    placements: [placement],
    conditions: { all: [...traits, ...past] },
    event: { type: 'offer', params: { offer } },
    priority: between(1, 100, random),
  };
}

function traitLeaf(random: () => number): Comparison {
  return {
    fact: 'profile',
    path: `$.${pick(NUMBERS, random)}`,
    operator: 'lessThan',
    value: between(100, 900, random),
  };
}

function windowLeaf(random: () => number): Comparison {
  const window = { event: pick(EVENTS, random), within: pick(['1d', '7d', '30d'], random) };
  return pick<Comparison>(
    [
      {
        fact: 'interactions',
        params: { ...window, aggregate: 'count' },
        operator: 'greaterThanInclusive',
        value: between(1, 60, random),
      },
      {
        fact: 'interactions',
        params: { event: 'Product Viewed', within: window.within, where: { category: 'pets' }, aggregate: 'count' },
        operator: 'greaterThan',
        value: between(1, 20, random),
      },
      {
        fact: 'interactions',
        params: { event: 'Product Viewed', within: window.within, aggregate: 'max', property: 'price' },
        operator: 'greaterThan',
        value: between(700, 900, random),
      },
      {
        fact: 'interactions',
        params: { ...window, aggregate: 'secondsSinceLast' },
        operator: 'lessThan',
        value: between(60, 7_200, random),
      },
    ],
    random,
  );
}

/** A module of the product as it ships. By a name made here, as the compiler must not look for types beside it. */
function built(path: string): Promise<unknown> {
  return import(new URL(`../dist/${path}`, import.meta.url).href);
}
