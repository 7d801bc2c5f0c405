/**
 * Most of what people do changes nothing of who they are: such events are put behind the document as it lies, without
 * reading or writing the rest of it. Why, and what it saves: `docs/decisions/0010-events-behind-the-document.md`.
 */
import type { InteractionColumns } from '../../engine/visitor/interaction-columns.js';
import type { Millis } from '../../engine/language/millis.js';
import { CorruptDocument } from '../../errors.js';
import type { StoredDocument } from '../../stores/visitor-store.js';
import { aliasOf, encodeWith, memoryIn } from '../documents/codec.js';
import type { InteractionEvent, MemoryEvent } from '../memory/memory-event.js';
import { Room, type VisitorLimits } from '../memory/limits.js';
import { toInteraction, type Retention } from '../memory/memory.js';
import { retainedSince } from '../memory/since.js';
import { earlier, originIn, type Origin } from '../memory/origin.js';
import { idsIn } from '../memory/ids.js';
import { countOfBrowsers } from '../memory/browser-share.js';
import { isOverShare } from '../documents/seen-log.js';
import type { StoredVisitor } from '../documents/stored-visitor.js';
import { fitsTail, writeTail, type SidedInteraction } from '../documents/tail-codec.js';
import { packUuid, UUID_BYTES } from '../documents/uuid-codec.js';

/** Documents by id; undefined for a stranger, and for what was not loaded. */
export interface StoredDocuments {
  get(id: string): StoredDocument | undefined;
}

/** So many events lie behind a document at most: then they are written into it, as those inside take less room. */
const MOST_BEHIND = 16;

/** How a document comes to tell of more: by more bytes behind it, or by others in its place. */
export type Addition = { readonly append: Uint8Array } | { readonly document: Uint8Array };

/**
 * The id of the memory that all ids of the event lead to in one step; undefined where it must be looked at more
 * closely.
 */
export function homeIn(event: MemoryEvent, documents: StoredDocuments): string | undefined {
  const homes = homesIn(event, documents);
  return homes.every((home) => home === homes[0]) ? homes[0] : undefined;
}

/** Where each of the event's ids leads to in one step; undefined for a stranger's. */
export function homesIn(event: MemoryEvent, documents: StoredDocuments): (string | undefined)[] {
  return idsIn(event).map((id) => {
    const stored = documents.get(id);
    return stored && (pointerIn(stored) ?? id);
  });
}

/** Where a document says that the memory is; undefined for one that says nothing of the kind, or can't be read. */
export function pointerIn({ document }: StoredDocument): string | undefined {
  return orUndefined(() => aliasOf(document));
}

/** How much is retained of a person, and how large they may become. */
export interface Keeping {
  readonly retention: Retention;
  readonly limits: VisitorLimits;
}

/** How a memory's document comes to tell of these events too; undefined where that must be looked at more closely. */
export function additionOf(
  document: Uint8Array,
  events: readonly MemoryEvent[],
  { retention, limits }: Keeping,
  now: Millis,
): Addition | undefined {
  const since = retainedSince(now, retention);
  return orUndefined(() => {
    const visitor = memoryIn(document);
    if (!visitor || !events.every(isInteraction) || !areOf(visitor, events)) return undefined;
    if (!areAfterOrigin(visitor, events)) return undefined;
    const written = visitor.writtenColumns();
    if (!areLater(written, events, since) || areKnown(visitor, document, events)) return undefined;
    if (areTooMuch(visitor, document, events, limits)) return undefined;
    const length = written.length + visitor.tailLength + events.length;
    if (length > retention.keepInteractions && isOver(visitor, events, length, retention)) return undefined;
    const sided = visitor.isApart ? events.map((event) => sidedIn(visitor, event)) : events.map(toInteraction);
    if (visitor.tailLength + events.length <= MOST_BEHIND) return { append: writeTail(sided) };
    const isToBeTrimmed = length > retention.keepInteractions || firstOf(written) < since;
    return isToBeTrimmed ? undefined : { document: encodeWith(document, sided) };
  });
}

function sidedIn(visitor: StoredVisitor, event: InteractionEvent): SidedInteraction {
  return { ...toInteraction(event), side: visitor.sideOf(event).number };
}

/** Whether with these events there would be more of a source than is retained. */
function isOver(
  visitor: StoredVisitor,
  events: readonly InteractionEvent[],
  length: number,
  { keepInteractions }: Retention,
): boolean {
  const ofBrowsers = visitor.ofBrowsers + countOfBrowsers(visitor.tail) + countOfBrowsers(events);
  return isOverShare(length, ofBrowsers, keepInteractions);
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CorruptDocument) return undefined;
    throw error;
  }
}

function isInteraction(event: MemoryEvent): event is InteractionEvent {
  return event.kind === 'interaction' && fitsTail(event);
}

/**
 * Whether the person is known by these ids already, and by each as what it is said to be: a pointer may be there before
 * the memory says so.
 */
function areOf({ identity: { userIds, anonymousIds } }: StoredVisitor, events: readonly InteractionEvent[]): boolean {
  const isTheirs = (id: string) => anonymousIds.includes(id) || userIds.includes(id);
  return events.every(
    ({ userId, anonymousId = '', unproven }) =>
      (userId === undefined || userIds.includes(userId)) &&
      (anonymousId === '' || isTheirs(anonymousId)) &&
      !(unproven && userIds.includes(anonymousId)),
  );
}

/** Whether it is known by which id the person was first met, and none of these says otherwise. */
function areAfterOrigin(visitor: StoredVisitor, events: readonly InteractionEvent[]): boolean {
  const isAfter = (origin: Origin | undefined, event: InteractionEvent) =>
    origin !== undefined &&
    earlier(
      origin,
      originIn(event, () => true),
    ) === origin;
  const { origin } = visitor;
  return events.every(
    (event) => isAfter(origin, event) && (!visitor.isApart || isAfter(visitor.sideOf(event).origin, event)),
  );
}

/** Whether all come after what was written, and none is too old to be retained. */
function areLater(written: InteractionColumns, events: readonly InteractionEvent[], since: Millis): boolean {
  const event = written.order[written.length - 1];
  const block = event === undefined ? undefined : written.event(event);
  const latest = block?.timestamp(block.length - 1) ?? -Infinity;
  return events.every(({ timestamp }) => timestamp > latest && timestamp >= since);
}

const NO_WORDS = { traits: {} };

function areTooMuch(
  visitor: StoredVisitor,
  { length: bytes }: Uint8Array,
  events: readonly InteractionEvent[],
  limits: VisitorLimits,
): boolean {
  const names = { eventNames: () => visitor.eventsEver(), eventNamesAtMost: visitor.eventsEverAtMost() };
  const room = new Room({ ...names, words: NO_WORDS, consents: {}, bytes }, limits);
  return events.some((event) => room.take(event) !== undefined);
}

function firstOf(written: InteractionColumns): Millis {
  const event = written.order[0];
  return event === undefined ? Infinity : written.event(event).timestamp(0);
}

/** Whether one of the events may be stored already; never wrong where it says that none is. */
function areKnown(visitor: StoredVisitor, document: Uint8Array, events: readonly InteractionEvent[]): boolean {
  if (events.length > 1 && new Set(events.map(({ messageId }) => messageId)).size < events.length) return true;
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.length);
  const uuid = Buffer.allocUnsafe(UUID_BYTES);
  let known: ReadonlySet<string> | undefined;
  return events.some(({ messageId }) => {
    if (visitor.isForgotten(messageId)) return true;
    // A UUID lies in the document as its 16 bytes, wherever that is.
    if (packUuid(messageId, uuid, 0)) return bytes.includes(uuid);
    return (known ??= messageIds(visitor)).has(messageId);
  });
}

function messageIds(visitor: StoredVisitor): ReadonlySet<string> {
  const { columns } = visitor.interactions();
  return new Set(
    columns.eventNames.flatMap((_name, event) =>
      Array.from({ length: columns.event(event).length }, (_one, position) => columns.event(event).messageId(position)),
    ),
  );
}
