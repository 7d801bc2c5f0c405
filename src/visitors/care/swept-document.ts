import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import type { Millis } from '../../engine/language/millis.js';
import {
  aliasOf,
  decode,
  encode,
  firstJoinOf,
  isBeingParted,
  joiningOf,
  memoryIn,
  viewOfBytes,
} from '../documents/codec.js';
import { retainedContacts } from '../contacts/remembered-contacts.js';
import { apply, type Retention } from '../memory/memory.js';
import { joinsSince, retainedSince } from '../memory/since.js';

/**
 * The document without what is no longer retained; undefined where all of it is, which is mostly seen at a glance. One
 * that was being joined into another when its process died is left for the next event to join, and one that is being
 * parted for whoever comes by: what it let go of by itself would be counted twice.
 */
export function sweptDocument(bytes: Uint8Array, now: Millis, retention: Retention): Uint8Array | undefined {
  if (aliasOf(bytes) !== undefined || joiningOf(bytes) !== undefined || isBeingParted(bytes)) return undefined;
  if (isRetained(bytes, now, retention)) return undefined;
  const document = decode(bytes);
  if (document.kind !== 'memory') return undefined;
  const swept = encode({ kind: 'memory', memory: apply(document.memory, [], now, retention).memory });
  return Buffer.compare(swept, bytes) === 0 ? undefined : swept;
}

/** Counters are read without the interactions, and the columns of those without their properties. */
function isRetained(bytes: Uint8Array, now: Millis, retention: Retention): boolean {
  const since = retainedSince(now, retention);
  if ((firstJoinOf(bytes) ?? Infinity) < joinsSince(now, retention)) return false;
  const view = viewOfBytes(bytes, '', now, { ...retention, keepDays: 0 });
  const contacts = memoryIn(bytes)?.remembered;
  if (retainedContacts(contacts, now) !== contacts) return false;
  const counters = Object.values(view.counters);
  if (
    counters.every(({ first }) => first >= since) &&
    counters.reduce((sum, { count }) => sum + count, 0) <= retention.keepInteractions
  )
    return true;
  const { columns } = view.interactions();
  return columns.length <= retention.keepInteractions && new InteractionLog(columns, since).length === columns.length;
}
