import type { Contacts } from '../../engine/visitor/contacts.js';
import { toColumns, type InteractionColumns } from '../../engine/visitor/interaction-columns.js';
import { type InteractionLog } from '../../engine/visitor/interaction-log.js';
import { JoinedColumns } from './joined-columns.js';
import type { JsonObject } from '../../engine/language/json.js';
import type { Counter, VisitorView } from '../../engine/visitor/visitor.js';
import { CorruptDocument } from '../../errors.js';
import { countOffers, readContacts } from '../contacts/contacts-codec.js';
import { viewOfContacts, withContacts, type RememberedContacts } from '../contacts/remembered-contacts.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { StoredColumns } from './columns-codec.js';
import { countOfBrowsers } from '../memory/browser-share.js';
import { countersBy, readForgotten, readForgottenHashes, readLetGo, readLetGoHashes } from './counts-codec.js';
import { PART, type Parts } from './document-parts.js';
import { NOTHING_FORGOTTEN, type Forgotten } from '../memory/forgotten.js';
import { byTime } from '../memory/in-order.js';
import { countAll } from '../memory/counters.js';
import { type RememberedConsent, type RememberedInteraction } from '../memory/memory.js';
import type { Origin } from '../memory/origin.js';
import type { Millis } from '../../engine/language/millis.js';
import type { LetGo } from '../memory/browser-share.js';
import type { TraitWords } from '../memory/trait-words.js';
import { seenLog, type Seen } from './seen-log.js';
import { readIds, readOrigin, type StoredIds } from './ids-codec.js';
import { readConsents, readOutranked, readSaid, readTraits } from './said-codec.js';
import { firstJoinIn, readRows, readSideHeads, type SideHead } from './sides-codec.js';
import { readSidesContacts } from './sides-contacts-codec.js';
import {
  countTail,
  readTail,
  readTailContacts,
  readTailSides,
  type SidedContacts,
  type SidedInteraction,
} from './tail-codec.js';
import { readTexts } from '../bytes/texts-codec.js';

/**
 * A visitor as a document tells of them, each part read when it is first asked for. Every look throws {@link
 * CorruptDocument}.
 */
export class StoredVisitor implements VisitorView {
  private readIds: StoredIds | undefined;
  private readTraits: JsonObject | undefined;
  private readConsents: Readonly<Record<string, RememberedConsent>> | undefined;
  private readNames: readonly string[] | undefined;
  private counts: ByteReader | undefined;
  private readCounters: Readonly<Record<string, Counter>> | undefined;
  private readTail: readonly RememberedInteraction[] | undefined;
  private readSides: readonly SideHead[] | undefined;
  private ofOffers: Contacts | undefined;
  private log: InteractionLog | undefined;
  /** Interactions put behind the parts since they were written. */
  readonly tailLength: number;
  /** Contacts and goals put there. */
  readonly tailContacts: number;

  /** Interactions from before `since` are not seen, nor what comes before the latest `most`. */
  constructor(
    private readonly parts: Parts,
    readonly visitorId: string,
    private readonly seen: Seen = {},
  ) {
    const { interactions, contacts } = countTail(parts.tail);
    [this.tailLength, this.tailContacts] = [interactions, contacts];
  }

  /** All ids, the one the memory is kept under first. */
  get ids(): readonly string[] {
    const { id, userIds, anonymousIds } = this.identity;
    return [...new Set([id, ...userIds, ...anonymousIds])];
  }

  get identity(): StoredIds {
    return (this.readIds ??= readIds(this.parts.find(PART.ids)));
  }

  /** By which id they were first met; undefined in documents of earlier versions, and where nobody was met. */
  get origin(): Origin | undefined {
    return this.read(PART.origin, readOrigin);
  }

  get bucketId(): string {
    return this.origin?.id ?? this.identity.id;
  }

  get traits(): JsonObject {
    return (this.readTraits ??= this.read(PART.traits, readTraits) ?? {});
  }

  get counters(): Readonly<Record<string, Counter>> {
    return (this.readCounters ??= countAll(this.writtenCounters(), this.tail));
  }

  /** The counters that lie in the parts. */
  writtenCounters(): Readonly<Record<string, Counter>> {
    const names = this.eventNames();
    return this.counts ? countersBy(names, this.counts.copy()) : {};
  }

  /** The names of all events that ever happened. */
  eventsEver(): Iterable<string> {
    return new Set([...this.eventNames(), ...this.tail.map(({ event }) => event)]);
  }

  /** How many names {@link eventsEver} has at most, without a look at any of them. */
  eventsEverAtMost(): number {
    return (this.parts.find(PART.counters)?.count() ?? 0) + this.tailLength;
  }

  get forgotten(): Forgotten {
    return this.read(PART.forgotten, readForgotten) ?? NOTHING_FORGOTTEN;
  }

  /** The hashes of the messages that were let go, of each source: without a look at the times. */
  forgottenHashes(): { readonly servers: Float64Array; readonly browsers: Float64Array } {
    return {
      servers: this.read(PART.forgotten, readForgottenHashes) ?? NOTHING_FORGOTTEN.hashes,
      browsers: this.read(PART.letGoByBrowsers, readLetGoHashes) ?? NOTHING_FORGOTTEN.hashes,
    };
  }

  /** How many of the interactions that lie in the parts browsers sent. */
  get ofBrowsers(): number {
    return this.read(PART.ofBrowsers, (reader) => reader.varint()) ?? 0;
  }

  /** In order; all of them come after those that lie in the parts. */
  get tail(): readonly RememberedInteraction[] {
    return (this.readTail ??= this.tailLength === 0 ? NONE : readTail(this.parts.tail).sort(byTime));
  }

  /** Who the sides are, in the order of their numbers; none where it is not kept of whom they were joined. */
  get sideHeads(): readonly SideHead[] {
    return (this.readSides ??= this.read(PART.sides, readSideHeads) ?? []);
  }

  /**
   * Which interactions each side has: of those in the parts, and of `later` ones, which come behind these. `added` say
   * of which side they are, and those of the tail are asked.
   */
  rowsBySide(
    added: readonly SidedInteraction[],
    later: readonly Pick<RememberedInteraction, 'messageId'>[],
  ): readonly (readonly number[])[] {
    const { length } = this.writtenColumns();
    const sides = this.sideHeads.length;
    const written = this.read(PART.sidesInteractions, (reader) => readRows(reader, length, sides));
    const numbers = new Map([
      ...readTailSides(this.parts.tail),
      ...added.map((one) => [one.messageId, one.side ?? 0] as const),
    ]);
    const rows = Array.from({ length: sides }, (_, side) => [...(written?.[side] ?? [])]);
    for (const [at, { messageId }] of later.entries()) rows[numbers.get(messageId) ?? 0]?.push(length + at);
    return rows;
  }

  /** When the first of the joins was that can be undone; undefined where none can. */
  get firstJoin(): Millis | undefined {
    return this.read(PART.sides, firstJoinIn);
  }

  get allConsents(): Readonly<Record<string, RememberedConsent>> {
    return (this.readConsents ??= this.read(PART.consents, readConsents) ?? {});
  }

  consents(purpose: string): RememberedConsent | undefined {
    return Object.hasOwn(this.allConsents, purpose) ? this.allConsents[purpose] : undefined;
  }

  interactions(): InteractionLog {
    return (this.log ??= seenLog(this.columns(), this.ofBrowsers + countOfBrowsers(this.tail), this.seen));
  }

  contacts(): Contacts {
    // Those in the parts are told once each: only with more behind them they have to be put together.
    return (this.ofOffers ??= viewOfContacts(
      this.tailContacts === 0 ? this.read(PART.contacts, readContacts) : this.remembered,
    ));
  }

  /** All contacts and goals; undefined where there are none. */
  get remembered(): RememberedContacts | undefined {
    const { bytes } = this.parts;
    let known = readBefore.get(bytes);
    if (!known) readBefore.set(bytes, (known = { all: this.allContacts() }));
    return known.all;
  }

  /** All at once: put together one by one, each would be sorted again. */
  private allContacts(): RememberedContacts | undefined {
    const behind = this.contactsBehind();
    if (behind.length === 0) return this.writtenContacts();
    return withContacts(this.read(PART.contacts, readContacts), {
      contacts: behind.flatMap(({ contacts }) => contacts),
      goals: behind.flatMap(({ goals }) => goals),
    });
  }

  /** The contacts that lie in the parts. */
  writtenContacts(): RememberedContacts | undefined {
    const written = this.read(PART.contacts, readContacts);
    return written && withContacts(undefined, written);
  }

  /** Those that were put behind the parts since. */
  contactsBehind(): readonly SidedContacts[] {
    return this.tailContacts === 0 ? [] : readTailContacts(this.parts.tail);
  }

  /** Those of each side, in the order of their numbers, `added` ones included, where `person` are all. */
  contactsBySide(
    added: readonly SidedContacts[],
    person: RememberedContacts | undefined,
  ): readonly (RememberedContacts | undefined)[] {
    const [contacts, reader] = [this.writtenContacts(), this.parts.find(PART.sidesContacts)];
    const written = { contacts, reader, sides: this.sideHeads.length };
    return readSidesContacts(written, [...this.contactsBehind(), ...added], person);
  }

  /** How many offers there was a contact with at most, without a look at any of them. */
  contactOffersAtMost(): number {
    return (this.read(PART.contacts, countOffers) ?? 0) + this.tailContacts;
  }

  private columns(): InteractionColumns {
    const written = this.writtenColumns();
    return this.tailLength === 0 ? written : new JoinedColumns(written, toColumns(this.tail));
  }

  /** The interactions that lie in the parts. */
  writtenColumns(): InteractionColumns {
    return (
      this.read(PART.interactions, (reader) => new StoredColumns(reader, () => this.eventNames())) ?? toColumns([])
    );
  }

  /** Of all events that ever happened, the retained ones first. Their counts lie behind them. */
  private eventNames(): readonly string[] {
    this.counts ??= this.parts.find(PART.counters);
    return (this.readNames ??= this.counts ? readTexts(this.counts) : []);
  }

  /** All that was said of traits, and by whom. */
  traitWords(): TraitWords {
    const said = this.read(PART.said, (reader) => readSaid(reader, this.traits));
    const outranked = this.read(PART.outranked, readOutranked);
    if (!said && Object.keys(this.traits).length > 0) throw new CorruptDocument('a part of it is missing');
    return { traits: said ?? {}, ...(outranked && { outranked }) };
  }

  /** What is left of what browsers sent and was let go; undefined where nothing was. */
  letGoByBrowsers(): LetGo | undefined {
    return this.read(PART.letGoByBrowsers, readLetGo);
  }

  private read<T>(part: number, read: (reader: ByteReader) => T): T | undefined {
    const reader = this.parts.find(part);
    return reader && read(reader);
  }
}

const NONE: readonly RememberedInteraction[] = [];
/** By the bytes of a document: a decision judges by them, and the place that it takes is judged by the same. */
const readBefore = new WeakMap<Uint8Array, { readonly all: RememberedContacts | undefined }>();
