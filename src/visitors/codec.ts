/**
 * How a visitor lies in the store: three lines of JSON. The first has what every decision needs; the second, the
 * interactions, is parsed only when a rule asks; the third is needed only for writing.
 */
import type { Counter, JsonObject, VisitorView } from '../engine/types.js';
import { CorruptDocument } from '../errors.js';
import { countersOf, retainedSince, traitsOf, type Evicted, type Memory, type RememberedInteraction, type RememberedTrait, type Retention } from './memory.js';
import type { Millis } from '../engine/types.js';

const FORMAT = 1;

/** What is kept under an id: a memory, or where the memory of that id now is. */
export type VisitorDocument = { readonly kind: 'memory'; readonly memory: Memory } | { readonly kind: 'alias'; readonly of: string };

interface Head {
  readonly v: number;
  readonly alias?: string;
  readonly id?: string;
  readonly userIds?: readonly string[];
  readonly anonymousIds?: readonly string[];
  /** name: [value, at, arrival] */
  readonly traits?: Readonly<Record<string, readonly [RememberedTrait['value'], Millis, number]>>;
  /** event: [count, first, last] */
  readonly counters?: Readonly<Record<string, readonly [number, Millis, Millis]>>;
}

type InteractionRow = readonly [string, Millis, number, string, JsonObject, string];

interface Tail {
  readonly evicted: Readonly<Record<string, Evicted>>;
  readonly floor: Millis | null;
  readonly forgotten: readonly (readonly [number, Millis])[];
}

/** The text of a document. */
export function encode(document: VisitorDocument): string {
  if (document.kind === 'alias') return JSON.stringify({ v: FORMAT, alias: document.of });
  const { memory } = document;
  const rows = memory.interactions.map(({ event, timestamp, arrival, channel, properties, messageId }): InteractionRow => [event, timestamp, arrival, channel, properties, messageId]);
  return `${JSON.stringify(headOf(memory))}\n${JSON.stringify(rows)}\n${JSON.stringify(tailOf(memory))}`;
}

/** The whole document. Throws {@link CorruptDocument}. */
export function decode(text: string): VisitorDocument {
  const [first = '', second = '[]', third = ''] = text.split('\n', 3);
  const head = parseHead(first);
  if (head.alias !== undefined) return { kind: 'alias', of: head.alias };
  const tail = third === '' ? { evicted: {}, floor: null, forgotten: [] } : (parse(third) as Tail);
  const traits = Object.entries(head.traits ?? {}).map(([name, [value, at, arrival]]) => [name, { value, at, arrival }] as const);
  const memory: Memory = {
    id: head.id ?? '',
    userIds: head.userIds ?? [],
    anonymousIds: head.anonymousIds ?? [],
    traits: Object.fromEntries(traits),
    interactions: decodeInteractions(second),
    evicted: tail.evicted,
    forgotten: { floor: tail.floor ?? -Infinity, messages: new Map(tail.forgotten) },
  };
  return { kind: 'memory', memory };
}

/** Where the memory of this document is, when it is not here. */
export function aliasOf(text: string): string | undefined {
  return text.startsWith(`{"v":${FORMAT},"alias":`) ? parseHead(text).alias : undefined;
}

/** What a decision may know, straight from the text: interactions are parsed when first asked for. */
export function viewOfText(text: string, visitorId: string, now: Millis, retention: Retention): VisitorView {
  const lineEnd = text.indexOf('\n');
  const head = parseHead(lineEnd === -1 ? text : text.slice(0, lineEnd));
  const secondEnd = text.indexOf('\n', lineEnd + 1);
  let parsed: readonly RememberedInteraction[] | undefined;
  return {
    visitorId,
    ids: idsOf(head.id ?? visitorId, head.userIds ?? [], head.anonymousIds ?? []),
    traits: Object.fromEntries(Object.entries(head.traits ?? {}).filter(([, [value]]) => value !== null).map(([name, [value]]) => [name, value])),
    counters: toCounters(head.counters ?? {}),
    interactions: () => (parsed ??= since(decodeInteractions(text.slice(lineEnd + 1, secondEnd)), now, retention)),
  };
}

/** What a decision may know of a memory at hand. */
export function viewOfMemory(memory: Memory, visitorId: string, now: Millis, retention: Retention): VisitorView {
  const interactions = since(memory.interactions, now, retention);
  return {
    visitorId,
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    traits: traitsOf(memory),
    counters: countersOf(memory),
    interactions: () => interactions,
  };
}

/** All ids of a person, the one the memory is kept under first. */
export function idsOf(id: string, userIds: readonly string[], anonymousIds: readonly string[]): string[] {
  return [...new Set([id, ...userIds, ...anonymousIds])];
}

/** What has grown too old since it was written is not seen, though it lies in the document until the next event. */
function since(interactions: readonly RememberedInteraction[], now: Millis, retention: Retention): readonly RememberedInteraction[] {
  const oldest = retainedSince(now, retention);
  return (interactions[0]?.timestamp ?? Infinity) >= oldest ? interactions : interactions.filter((one) => one.timestamp >= oldest);
}

function headOf(memory: Memory): Head {
  return {
    v: FORMAT,
    id: memory.id,
    userIds: memory.userIds,
    anonymousIds: memory.anonymousIds,
    traits: Object.fromEntries(Object.entries(memory.traits).map(([name, { value, at, arrival }]) => [name, [value, at, arrival]])),
    counters: Object.fromEntries(Object.entries(countersOf(memory)).map(([event, { count, first, last }]) => [event, [count, first, last]])),
  };
}

function tailOf({ evicted, forgotten }: Memory): Tail {
  return { evicted, floor: Number.isFinite(forgotten.floor) ? forgotten.floor : null, forgotten: [...forgotten.messages] };
}

function toCounters(rows: NonNullable<Head['counters']>): Record<string, Counter> {
  return Object.fromEntries(Object.entries(rows).map(([event, [count, first, last]]) => [event, { count, first, last }]));
}

function decodeInteractions(text: string): RememberedInteraction[] {
  const rows = parse(text) as readonly InteractionRow[];
  return rows.map(([event, timestamp, arrival, channel, properties, messageId]) => ({ event, timestamp, arrival, channel, properties, messageId }));
}

function parseHead(line: string): Head {
  const head = parse(line) as Head;
  if (head.v !== FORMAT) throw new CorruptDocument(`its format is ${JSON.stringify(head.v)}, this version reads ${FORMAT}`);
  return head;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CorruptDocument('it is not the JSON it should be');
  }
}
