import type { InteractionColumns } from '../../engine/visitor/interaction-columns.js';
import type { Millis } from '../../engine/language/millis.js';
import { isFromBrowser } from '../../engine/visitor/message-source.js';
import { memoryIn } from '../documents/codec.js';
import { StoredColumns } from '../documents/columns-codec.js';
import type { StoredIds } from '../documents/ids-codec.js';
import type { SideHead } from '../documents/sides-codec.js';
import type { StoredVisitor } from '../documents/stored-visitor.js';
import { countOfBrowsers } from '../memory/browser-share.js';
import { forgottenAmong } from '../memory/forgotten.js';
import type { InteractionEvent, MemoryEvent } from '../memory/memory-event.js';
import type { Origin } from '../memory/origin.js';
import { sideNumberOf } from '../memory/sides.js';
import { addMarks, markOf } from './message-mark.js';

/** What a glance takes beside what it counts, and each character of an id, each mark and each hash: as was measured. */
const SIZES = { glance: 1_600, character: 2, mark: 12, hash: 8 };

/**
 * What a look at a visitor's document found: all that tells whether an interaction can be put behind it. It is of one
 * version of the document, and holds as long as that is the one in the store, which only a write from it can tell.
 */
export class Glance {
  /** The version of the document in the store. */
  version: string;
  /** Interactions that lie behind the parts of the document. */
  tailLength: number;
  /** Contacts and goals that lie there. */
  tailContacts: number;
  /** Of the document. */
  bytes: number;
  /** How many names of events there ever were, at most. */
  eventNamesAtMost: number;
  /** How many offers there was a contact with, at most. */
  contactOffersAtMost: number;
  /** How many of all interactions browsers sent. */
  ofBrowsers: number;
  private readonly marks: number[];

  private constructor(
    readonly visitor: GlancedAt,
    { version, marks, tailLength, tailContacts, bytes, eventNamesAtMost, contactOffersAtMost, ofBrowsers }: Counted,
  ) {
    this.version = version;
    this.marks = marks;
    this.tailLength = tailLength;
    this.tailContacts = tailContacts;
    this.bytes = bytes;
    this.eventNamesAtMost = eventNamesAtMost;
    this.contactOffersAtMost = contactOffersAtMost;
    this.ofBrowsers = ofBrowsers;
  }

  /** A look at a document, by the one who has read it. Throws `CorruptDocument`. */
  static at(visitor: StoredVisitor, version: string, bytes: number): Glance {
    return new Glance(glancedAt(visitor), counted(visitor, version, bytes, marksIn(visitor)));
  }

  /** How many interactions there are. */
  get length(): number {
    return this.visitor.written + this.tailLength;
  }

  /** Whether it is kept of whom the visitor was joined. */
  get isApart(): boolean {
    return this.visitor.sides.length > 0;
  }

  /** About how many bytes it takes in memory. */
  get size(): number {
    const { identity, sides, forgotten } = this.visitor;
    let size = SIZES.glance + SIZES.mark * this.marks.length;
    for (const { id, userIds, anonymousIds } of [identity, ...sides])
      for (const one of [id, ...userIds, ...anonymousIds]) size += SIZES.character * one.length;
    return size + SIZES.hash * (forgotten.servers.length + forgotten.browsers.length);
  }

  /** Whether a message may have been stored before; false where it was not. */
  mayKnow(messageId: string): boolean {
    if (this.marks.includes(markOf(messageId))) return true;
    const { servers, browsers } = this.visitor.forgotten;
    return forgottenAmong({ hashes: isFromBrowser(messageId) ? browsers : servers }, 1)(messageId);
  }

  /** The number of the side that an event is of, and by which id that was first met. Without sides, of the person. */
  sideOf(event: Pick<MemoryEvent, 'userId' | 'anonymousId'>): { number: number; origin: Origin | undefined } {
    const { sides, identity, origin } = this.visitor;
    if (sides.length === 0) return { number: 0, origin };
    const number = sideNumberOf(sides, event, identity.id);
    return { number, origin: sides[number]?.origin };
  }

  /** That these were put behind the document, in so many bytes, which has this version now. */
  addBehind(events: readonly InteractionEvent[], bytes: number, version: string): void {
    this.addContactsBehind(countOfContacts(events), bytes, version);
    this.tailLength += events.length;
    this.eventNamesAtMost += events.length;
    this.ofBrowsers += countOfBrowsers(events);
    for (const { messageId } of events) this.marks.push(markOf(messageId));
  }

  /** The same of contacts and goals alone. */
  addContactsBehind(count: number, bytes: number, version: string): void {
    this.version = version;
    this.bytes += bytes;
    this.tailContacts += count;
    this.contactOffersAtMost += count;
  }

  /**
   * A look at the document that was written in the place of this one, which tells of these events too and of nothing
   * else. Undefined where it is no memory.
   */
  rewritten(document: Uint8Array, events: readonly InteractionEvent[], version: string): Glance | undefined {
    const visitor = memoryIn(document);
    const marks = [...this.marks, ...events.map(({ messageId }) => markOf(messageId))];
    return visitor && new Glance(glancedAt(visitor), counted(visitor, version, document.length, marks));
  }
}

/** What stays as it is while events are put behind the document. */
interface GlancedAt {
  readonly identity: StoredIds;
  readonly sides: readonly SideHead[];
  readonly origin: Origin | undefined;
  readonly forgotten: { readonly servers: Float64Array; readonly browsers: Float64Array };
  /** How many interactions lie in the parts of the document, and when the first and the last happened. */
  readonly written: number;
  readonly first: Millis;
  readonly latest: Millis;
}

interface Counted extends Pick<
  Glance,
  'version' | 'tailLength' | 'tailContacts' | 'bytes' | 'eventNamesAtMost' | 'contactOffersAtMost' | 'ofBrowsers'
> {
  readonly marks: number[];
}

/** How many contacts and goals interactions tell of. */
export function countOfContacts(events: readonly InteractionEvent[]): number {
  return events.reduce((sum, { contact, goal }) => sum + Number(contact !== undefined) + Number(goal === true), 0);
}

function glancedAt(visitor: StoredVisitor): GlancedAt {
  const { identity, origin } = visitor;
  const columns = visitor.writtenColumns();
  const [first, latest] = spanOf(columns);
  return {
    ...{ identity, origin, sides: visitor.sideHeads, forgotten: visitor.forgottenHashes() },
    ...{ written: columns.length, first, latest },
  };
}

function counted(visitor: StoredVisitor, version: string, bytes: number, marks: number[]): Counted {
  const ofBrowsers = visitor.ofBrowsers + countOfBrowsers(visitor.tail);
  return {
    ...{ version, bytes, marks, ofBrowsers },
    ...{ tailLength: visitor.tailLength, tailContacts: visitor.tailContacts },
    ...{ eventNamesAtMost: visitor.eventsEverAtMost(), contactOffersAtMost: visitor.contactOffersAtMost() },
  };
}

/** When the first and the last of columns happened. */
function spanOf(columns: InteractionColumns): readonly [Millis, Millis] {
  const [first, last] = [columns.order[0], columns.order[columns.length - 1]];
  if (first === undefined || last === undefined) return [Infinity, -Infinity];
  const ofLast = columns.event(last);
  return [columns.event(first).timestamp(0), ofLast.timestamp(ofLast.length - 1)];
}

function marksIn(visitor: StoredVisitor): number[] {
  const columns = visitor.writtenColumns();
  const marks: number[] = [];
  for (const event of columns.eventNames.keys()) {
    const block = columns.event(event);
    const uuids = columns instanceof StoredColumns ? columns.event(event).uuids() : undefined;
    if (uuids) addMarks(marks, uuids);
    else for (let position = 0; position < block.length; position++) marks.push(markOf(block.messageId(position)));
  }
  for (const { messageId } of visitor.tail) marks.push(markOf(messageId));
  return marks;
}
