/**
 * How a visitor lies in the store; the format is written down in `docs/operations.md`. What every decision needs comes
 * first; interactions follow in columns that are decoded when a rule asks; last what only writing needs.
 */
import { InteractionLog } from '../engine/interaction-log.js';
import type { Consent, Counter, JsonObject, Millis, VisitorView } from '../engine/types.js';
import { CorruptDocument } from '../errors.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { readColumns, writeColumns } from './columns-codec.js';
import { countersOf, retainedSince, traitsOf, type Evicted, type Memory, type RememberedInteraction, type RememberedTrait, type Retention } from './memory.js';

/** The first byte of a document says its format and kind. */
const MEMORY_1 = 0x11;
const ALIAS_1 = 0x12;

/** What is kept under an id: a memory, or where the memory of that id now is. */
export type VisitorDocument = { readonly kind: 'memory'; readonly memory: Memory } | { readonly kind: 'alias'; readonly of: string };

interface Head {
  readonly id: string;
  readonly userIds: readonly string[];
  readonly anonymousIds: readonly string[];
  /** What is said of them now; what was removed is only in the tail. */
  readonly traits: JsonObject;
  /** event: [count, first, last] */
  readonly counters: Readonly<Record<string, readonly [number, Millis, Millis]>>;
  /** purpose: [1 when granted, until, at, arrival] */
  readonly consents: Readonly<Record<string, readonly [number, Millis | null, Millis, number]>>;
}

interface Tail {
  /** For each trait, when it was said last: [at, arrival, source]. */
  readonly said: Readonly<Record<string, readonly [Millis, number, string]>>;
  readonly evicted: Readonly<Record<string, Evicted>>;
  readonly floor: Millis | null;
  readonly forgotten: readonly (readonly [number, Millis])[];
}

/** The bytes of a document. */
export function encode(document: VisitorDocument): Uint8Array {
  const writer = new ByteWriter();
  if (document.kind === 'alias') {
    writer.byte(ALIAS_1);
    writer.json(document.of);
    return writer.finish();
  }
  const { memory } = document;
  const columns = new ByteWriter();
  writeColumns(columns, memory.interactions);
  writer.byte(MEMORY_1);
  writer.json(headOf(memory));
  writer.block(columns.finish());
  // Counted from the timestamp in microseconds, arrivals are small numbers: the time it took to get here.
  for (const { arrival, timestamp } of memory.interactions) writer.signed(arrival - timestamp * 1_000);
  writer.json(tailOf(memory));
  return writer.finish();
}

/** The whole document. Throws {@link CorruptDocument}. */
export function decode(bytes: Uint8Array): VisitorDocument {
  const { kind, reader } = open(bytes);
  if (kind === ALIAS_1) return { kind: 'alias', of: reader.json() as string };
  const head = reader.json() as Head;
  const interactions = [...new InteractionLog(readColumns(new ByteReader(reader.block())))];
  const arrivals = interactions.map(({ timestamp }) => reader.signed() + timestamp * 1_000);
  const tail = reader.json() as Tail;
  const memory: Memory = {
    id: head.id,
    userIds: head.userIds,
    anonymousIds: head.anonymousIds,
    traits: Object.fromEntries(Object.entries(tail.said).map(([name, [at, arrival, source]]) => [name, traitOf(head.traits, name, { at, arrival, source })])),
    consents: Object.fromEntries(Object.entries(head.consents).map(([purpose, [granted, until, at, arrival]]) => [purpose, { granted: granted === 1, until: until ?? undefined, at, arrival }])),
    interactions: interactions.map((one, row): RememberedInteraction => ({ ...one, arrival: arrivals[row] ?? 0 })),
    evicted: tail.evicted,
    forgotten: { floor: tail.floor ?? -Infinity, messages: new Map(tail.forgotten) },
  };
  return { kind: 'memory', memory };
}

/** Where the memory of this document is, when it is not here. Throws {@link CorruptDocument}. */
export function aliasOf(bytes: Uint8Array): string | undefined {
  return bytes[0] === ALIAS_1 ? (open(bytes).reader.json() as string) : undefined;
}

/** What a decision may know, straight from the bytes. Throws {@link CorruptDocument}. */
export function viewOfBytes(bytes: Uint8Array, visitorId: string, now: Millis, retention: Retention): VisitorView {
  const { reader } = open(bytes);
  const head = reader.json() as Head;
  const block = reader.block();
  let log: InteractionLog | undefined;
  let counters: Record<string, Counter> | undefined;
  return {
    visitorId,
    get ids() {
      return idsOf(head.id, head.userIds, head.anonymousIds);
    },
    traits: head.traits,
    get counters() {
      return (counters ??= countersIn(head));
    },
    consents: (purpose) => consentIn(head, purpose),
    interactions: () => (log ??= retained(new InteractionLog(readColumns(new ByteReader(block))), now, retention)),
  };
}

/** What a decision may know of a memory at hand. */
export function viewOfMemory(memory: Memory, visitorId: string, now: Millis, retention: Retention): VisitorView {
  const log = retained(InteractionLog.of(memory.interactions), now, retention);
  return {
    visitorId,
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    traits: traitsOf(memory),
    counters: countersOf(memory),
    consents: (purpose) => (Object.hasOwn(memory.consents, purpose) ? memory.consents[purpose] : undefined),
    interactions: () => log,
  };
}

/** All ids of a person, the one the memory is kept under first. */
export function idsOf(id: string, userIds: readonly string[], anonymousIds: readonly string[]): string[] {
  return [...new Set([id, ...userIds, ...anonymousIds])];
}

function open(bytes: Uint8Array): { readonly kind: number; readonly reader: ByteReader } {
  const reader = new ByteReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const kind = reader.byte();
  if (kind !== MEMORY_1 && kind !== ALIAS_1) throw new CorruptDocument(`it begins with ${kind}, which no format that this version reads does`);
  return { kind, reader };
}

/** What has grown too old since it was written is not seen, though it lies in the document until the next event. */
function retained(log: InteractionLog, now: Millis, retention: Retention): InteractionLog {
  const since = retainedSince(now, retention);
  if (log.length === 0 || log.timestamp(0) >= since) return log;
  return InteractionLog.of([...log].filter((one) => one.timestamp >= since));
}

function traitOf(traits: JsonObject, name: string, said: Omit<RememberedTrait, 'value'>): RememberedTrait {
  return { value: (Object.hasOwn(traits, name) ? traits[name] : undefined) ?? null, ...said };
}

function consentIn({ consents }: Head, purpose: string): Consent | undefined {
  const said = Object.hasOwn(consents, purpose) ? consents[purpose] : undefined;
  return said && { granted: said[0] === 1, until: said[1] ?? undefined };
}

function countersIn({ counters }: Head): Record<string, Counter> {
  return Object.fromEntries(Object.entries(counters).map(([event, [count, first, last]]) => [event, { count, first, last }]));
}

function headOf(memory: Memory): Head {
  return {
    id: memory.id,
    userIds: memory.userIds,
    anonymousIds: memory.anonymousIds,
    traits: traitsOf(memory),
    counters: Object.fromEntries(Object.entries(countersOf(memory)).map(([event, { count, first, last }]) => [event, [count, first, last]])),
    consents: Object.fromEntries(Object.entries(memory.consents).map(([purpose, { granted, until, at, arrival }]) => [purpose, [Number(granted), until ?? null, at, arrival]])),
  };
}

function tailOf({ traits, evicted, forgotten }: Memory): Tail {
  const said = Object.fromEntries(Object.entries(traits).map(([name, { at, arrival, source }]) => [name, [at, arrival, source] as const]));
  return { said, evicted, floor: Number.isFinite(forgotten.floor) ? forgotten.floor : null, forgotten: [...forgotten.messages] };
}
