/**
 * `npm run bench:visitor`: what a visitor's past costs a decision. The same rules, windows of past behaviour among them, decide
 * for visitors who differ only in how much they have done; reading the stored document is part of it. The last line is JSON.
 */
import { join } from 'node:path';
import type { Interaction } from '../src/engine/types.js';

const HISTORIES = [5, 100, 500];
const ROUNDS = 15;
const PER_ROUND = 2_000;
const NOW = Date.now();
const KEEP = { keepInteractions: 500, keepDays: 90 };
const EVENTS = ['Product Viewed', 'Page Viewed', 'Model Viewed', 'Order Completed', 'Support Contacted'];

const { loadRulebook } = (await built('rulebook/load-rulebook.js')) as typeof import('../src/rulebook/load-rulebook.js');
const { decide } = (await built('engine/decide.js')) as typeof import('../src/engine/decide.js');
const { encode, viewOfBytes } = (await built('visitors/codec.js')) as typeof import('../src/visitors/codec.js');
const { emptyMemory } = (await built('visitors/memory.js')) as typeof import('../src/visitors/memory.js');

const { rulebook } = loadRulebook(join(import.meta.dirname, '../rules'));
if (!rulebook) throw new Error('the example business has problems: run `npx usher check`');
const request = { placements: [{ id: 'home.hero' }, { id: 'home.cards', count: 3 }], channel: 'web', context: { device: 'desktop' } };

const people = HISTORIES.map((count) => ({ count, bytes: documentOf(count), rounds: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) for (const person of people) person.rounds.push(time(person.bytes));
// The first rounds warm up: code is compiled while they run.
const rows = people.map(({ count, bytes, rounds }) => ({ interactions: count, bytes: bytes.length, decideUs: median(rounds.slice(5)) }));
const least = rows[0]?.decideUs ?? NaN;
const told = rows.map((row) => ({ ...row, decideUs: round(row.decideUs), ratioToFirst: round(row.decideUs / least) }));
console.table(told);
console.log(JSON.stringify({ bench: 'visitor', rows: told }));

function time(bytes: Uint8Array): number {
  const startedAt = performance.now();
  for (let done = 0; done < PER_ROUND; done++) decide({ request, visitor: viewOfBytes(bytes, 'v', NOW, KEEP), rulebook: rulebook as NonNullable<typeof rulebook>, now: NOW });
  return ((performance.now() - startedAt) * 1_000) / PER_ROUND;
}

/** A visitor who did something every hour and a half, so that 500 fit into what is retained. */
function documentOf(count: number): Uint8Array {
  const interactions = Array.from({ length: count }, (_, index): Interaction & { arrival: number } => {
    const properties = { category: ['garden', 'cars', 'home'][index % 3] ?? '', sku: `s${index % 40}`, price: index % 50, revenue: index % 90, minutes: index % 7 };
    return { event: EVENTS[index % EVENTS.length] ?? '', channel: 'web', messageId: `message-${index}-3d6a7c1e`, timestamp: NOW - (count - index) * 90 * 60_000, arrival: index, properties };
  });
  const traits = { firstName: { value: 'Ada', at: 1, arrival: 1 }, interests: { value: ['books'], at: 1, arrival: 1 } };
  return encode({ kind: 'memory', memory: { ...emptyMemory('v'), traits, interactions } });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A module of the product as it ships. By a name made here, as the compiler must not look for types beside it. */
function built(path: string): Promise<unknown> {
  return import(new URL(`../dist/${path}`, import.meta.url).href);
}
