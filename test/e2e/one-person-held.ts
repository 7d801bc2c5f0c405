import { expect } from '@jest/globals';
import { dirname } from 'node:path';
import type * as settings from '../../src/config.js';
import type * as stores from '../../src/stores/open-stores.js';
import type * as codec from '../../src/visitors/documents/codec.js';
import type { Memory } from '../../src/visitors/memory/memory.js';
import { importBuilt } from './built.js';
import type { Service } from './service.js';

const { readConfig } = await importBuilt<typeof settings>('./config.js');
const { openStores } = await importBuilt<typeof stores>('./stores/open-stores.js');
const { decode, encode } = await importBuilt<typeof codec>('./visitors/documents/codec.js');

/** The store that a service writes to, for a look at what lies in it. */
export function storesOf(service: Service): Promise<stores.Stores> {
  const where =
    service.store === 'Redis' ? { REDIS_URL: service.redis.url } : { USHER_DATA: dirname(service.databaseFile) };
  return openStores(readConfig(where));
}

/** Which of the times in it are those of its receipt, by which what is equal may differ. */
export interface Receipt {
  /** That of a trait or consent too, as nothing said another. */
  readonly saidNow: boolean;
}

/**
 * The bytes that the store has under an id, as text. What a document tells of its receipt is the same for all, and ids
 * go by their part; first it is shown that the document has nothing besides what it tells.
 */
export async function storedUnder(
  id: string,
  { visitors }: stores.Stores,
  parts: Readonly<Record<string, string>>,
  receipt: Receipt,
): Promise<string> {
  const [stored] = await visitors.load([id]);
  if (!stored) return 'nothing';
  const bytes = Buffer.from(stored.document);
  const says = decode(bytes);
  expect(Buffer.from(encode(says)).toString('hex')).toBe(bytes.toString('hex'));
  return Buffer.from(encode(alike(says, (one) => parts[one] ?? one, receipt))).toString('latin1');
}

type Rename = (id: string) => string;

function alike(document: codec.VisitorDocument, rename: Rename, receipt: Receipt): codec.VisitorDocument {
  if (document.kind === 'alias') return { kind: 'alias', of: rename(document.of) };
  return { kind: 'memory', memory: memoryAlike(document.memory, rename, receipt) };
}

function memoryAlike(memory: Memory, rename: Rename, receipt: Receipt): Memory {
  const { saidNow } = receipt;
  const { apart, id, userIds, anonymousIds, joins, origin, traits, consents, interactions, forgotten } = memory;
  const when = saidNow ? { arrival: 0, at: 0 } : { arrival: 0 };
  return {
    ...memory,
    id: rename(id),
    userIds: userIds.map(rename),
    anonymousIds: anonymousIds.map(rename),
    ...(joins && { joins: joins.map((join) => ({ ...join, id: rename(join.id), at: 0 })) }),
    ...(origin && { origin: { ...origin, id: rename(origin.id), at: 0 } }),
    traits: mapValues(traits, (trait) => ({ ...trait, ...when })),
    consents: mapValues(consents, (consent) => ({ ...consent, ...when })),
    interactions: interactions.map((one) => ({ ...one, arrival: 0 })),
    forgotten: { ...forgotten, cameAt: forgotten.cameAt.map(() => 0) },
    ...(apart && {
      apart: {
        sides: apart.sides.map((side) => memoryAlike(side, rename, receipt)),
        links: apart.links.map((link) => ({ ...link, a: rename(link.a), b: rename(link.b), at: 0 })),
      },
    }),
  };
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** What the export of a person tells, as text; likewise. */
export async function exportedOf(
  id: string,
  service: Service,
  parts: Readonly<Record<string, string>>,
  { saidNow }: Receipt,
): Promise<string> {
  const { body, status } = await service.get(`/v1/visitors/${encodeURIComponent(id)}/export`);
  expect(status).toBe(200);
  const { released, joins, links, ...told } = body as {
    readonly released: { readonly messages: readonly [number, number][] };
    readonly joins?: readonly object[];
    readonly links?: readonly object[];
  };
  // When it was exported, and what was decided meanwhile, differs rightly.
  const differing = { exportedAt: 0, decisions: 0, recorded: 0, recordedStates: 0 };
  const person = {
    ...told,
    ...differing,
    ...(joins && { joins: joins.map((join) => ({ ...join, at: 0 })) }),
    ...(links && { links: links.map((link) => ({ ...link, at: 0 })) }),
    released: { ...released, messages: released.messages.map(([hash]) => hash) },
  };
  const text = Object.entries(parts).reduce(
    (whole, [one, part]) => whole.replaceAll(JSON.stringify(one), JSON.stringify(part)),
    JSON.stringify(inOrder(person)).replaceAll(/"arrival":\d+/g, ''),
  );
  return saidNow ? text.replaceAll(/"at":"[^"]+"/g, '') : text;
}

/** An export has first what there is of: which of what was decided is there by then differs. */
function inOrder(person: object): object {
  return Object.fromEntries(Object.entries(person).sort(([one], [other]) => (one < other ? -1 : 1)));
}
