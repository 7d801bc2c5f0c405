import { Inject, Injectable } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { GuardedIds, guardedMessage } from '../doors/guarded-ids.js';
import type { Json, JsonObject } from '../engine/language/json.js';
import type { Millis } from '../engine/language/millis.js';
import { visitorView } from '../engine/visitor/visitor.js';
import { VisitorStore } from '../stores/visitor-store.js';
import { decode, encode, userIdsIn, viewOfBytes } from './documents/codec.js';
import { viewOfMemory } from './documents/memory-view.js';
import type { SaidConsent } from './intake/consent-body.js';
import { CorruptDocument, InvalidRequest } from '../errors.js';
import { CorruptDocuments } from './writing/corrupt-documents.js';
import { findDocument } from './writing/find-document.js';
import { GuardedMet, type GuardedDoor } from './guarded-met.js';
import { ArrivalClock } from './intake/arrival-clock.js';
import { normaliseEvent, type NormalisedEvent } from './intake/incoming-event.js';
import { FROM_SERVER, type RequestChannel } from './intake/request-channel.js';
import { tellsOfOffers, WORD_OF_SERVERS, type OutcomeJudge, type OutcomeListener } from './intake/outcome-judge.js';
import { seenAs } from './intake/seen-as.js';
import type { SeenAs } from './memory/browser-made.js';
import type { GrantWish } from './contacts/fold-contacts.js';
import type { GrantEvent, MemoryEvent } from './memory/memory-event.js';
import { USUAL_LIMITS, type VisitorLimits } from './memory/limits.js';
import { apply, emptyMemory, type Memory, type Retention } from './memory/memory.js';
import { IndexedStore } from './search/indexed-store.js';
import { newId } from './writing/new-id.js';
import type { GrantedContacts, SeenVisitor, VisitorSource } from './seen-visitor.js';
import { VisitorWriter, type Recorded } from './writing/visitor-writer.js';
import type { Written } from './writing/write-call.js';

/** How long what is remembered stays; see {@link Retention}. */
export const RETENTION = Symbol('retention');

/** How large one person may become; see {@link VisitorLimits}. */
export const LIMITS = Symbol('limits');

/** What we remember of people: read for decisions, written by events. */
@Injectable()
export class VisitorsService {
  /** Hears of every guarded id that comes in. */
  readonly guardedMet = new GuardedMet();
  /** The documents, as what writes them sees them. */
  readonly indexed: IndexedStore;
  private readonly writer: VisitorWriter;
  private readonly corrupt: CorruptDocuments;
  private readonly arrivals = new ArrivalClock();
  private judge = WORD_OF_SERVERS;
  private listener: OutcomeListener = { complete: (events) => events, hear: () => Promise.resolve() };
  private readonly over = metrics.getMeter('usher').createCounter('usher_visitor_over_limit', {
    description: 'Events that are refused as a visitor would become too large, and devices that are not joined for it',
  });

  constructor(
    private readonly store: VisitorStore,
    @Inject(RETENTION) private readonly retention: Retention,
    /** Ids that are nobody's. */
    readonly guarded: GuardedIds = new GuardedIds(),
    @Inject(LIMITS) limits: VisitorLimits = USUAL_LIMITS,
  ) {
    this.corrupt = new CorruptDocuments(store);
    this.indexed = new IndexedStore(store);
    this.writer = new VisitorWriter(this.indexed, retention, this.corrupt, limits);
  }

  /** Why an id is refused that clients send by mistake, where one is needed, and counts it; undefined of any other. */
  guardedProblem(id: string, door: GuardedDoor): string | undefined {
    if (!this.guarded.has(id)) return undefined;
    this.guardedMet.add(door, 1);
    return guardedMessage(id);
  }

  /**
   * The person behind an id; a stranger is a person of whom nothing is known, as is whoever a guarded id names. One
   * round trip, two for a linked id.
   * Throws
   * `CorruptDocument` once for a document that can't be read, as what it said of consent is not known either.
   */
  async view(
    id: string,
    asker: RequestChannel = FROM_SERVER,
    documents: Pick<VisitorStore, 'load'> = this.store,
  ): Promise<SeenVisitor> {
    const found = this.guarded.has(id) ? undefined : await findDocument(id, documents, this.corrupt);
    if (!found) return { view: visitorView({ visitorId: id }), source: undefined, ...limits(seenAs(id, [], asker)) };
    const seenAt = Date.now();
    const read = this.corrupt.readOrSetAside(found.id, found.stored, (bytes) => {
      const limited = limits(seenAs(id, userIdsIn(bytes), asker));
      return { view: viewOfBytes(bytes, id, seenAt, { ...this.retention, ...limited }), ...limited };
    });
    if (!read) throw new CorruptDocument('it is set aside');
    return {
      ...read,
      source: {
        id: found.id,
        version: found.stored.version,
        document: found.stored.document,
        seenAt,
        retention: { keepInteractions: this.retention.keepInteractions, keepDays: this.retention.keepDays },
      },
    };
  }

  /** The person as they would be after these events, which are not stored. */
  async viewAfter(id: string, events: readonly MemoryEvent[], asker = FROM_SERVER): Promise<SeenVisitor> {
    const before = (this.guarded.has(id) ? undefined : await this.find(id)) ?? emptyMemory(id);
    const now = Date.now();
    const { memory } = apply(before, events, now, this.retention);
    const limited = limits(seenAs(id, before.userIds, asker));
    const view = limited.seenAs
      ? viewOfBytes(encode({ kind: 'memory', memory }), id, now, { ...this.retention, ...limited })
      : viewOfMemory(memory, id, now, this.retention);
    return { view, source: undefined, ...limited };
  }

  /** Everything remembered under an id and retained at this moment; undefined for a stranger. */
  async find(id: string): Promise<Memory | undefined> {
    const document = await this.read(id, decode);
    return document?.kind === 'memory' ? apply(document.memory, [], Date.now(), this.retention).memory : undefined;
  }

  /**
   * Reads events as they came in, in one request; they keep their order. `visitorId` stands in where an event names
   * nobody; `receivedAt` is when they came, in milliseconds, now where it is absent; `channel` is what the request says
   * of where they come from.
   */
  normalise(
    events: readonly unknown[],
    visitorId?: string,
    receivedAt = Date.now(),
    channel: RequestChannel = FROM_SERVER,
  ): NormalisedEvent[] {
    const repeats = new Map<string, number>();
    const { guarded, judge } = this;
    const of = {
      receivedAt,
      newId,
      repeats,
      channel,
      guarded,
      judge,
      ...(visitorId !== undefined && !guarded.has(visitorId) && { visitorId }),
    };
    return events.map((raw) => normaliseEvent(raw, { ...of, arrival: this.arrivals.next(receivedAt) }));
  }

  /** Stores events; what resolves survives the death of this process. */
  async record(events: readonly MemoryEvent[]): Promise<Recorded[]> {
    const { outcomes } = await this.write(events);
    return outcomes;
  }

  /**
   * Stores events as {@link record} does, for a decision about `id`: gives besides the outcomes the documents from
   * which {@link view} then tells who they are after the events, without another look at the store.
   */
  recordFor(id: string, events: readonly MemoryEvent[]): Promise<Written> {
    return this.write(events, id);
  }

  /**
   * Makes contacts that come about only where limits leave a place for them, each judged by what is remembered when it
   * is written. Where the document that the decision was made from is still the one in the store, that takes one round
   * trip. Nothing is granted to whoever a guarded id names.
   */
  async grant(visitorId: string, wishes: readonly GrantWish[], known?: VisitorSource): Promise<GrantedContacts> {
    if (wishes.length === 0) return { granted: [] };
    if (this.guarded.has(visitorId)) return { granted: wishes.map(() => false) };
    const said = this.said(visitorId);
    const events = wishes.map((wish): GrantEvent => ({ ...said, ...wish, kind: 'grant' }));
    const { outcomes, documents } = this.counted(await this.writer.grant(events, visitorId, known));
    const granted = outcomes.map(({ refused }) => refused === undefined);
    return granted.every(Boolean) ? { granted } : { granted, documents };
  }

  /** Sets traits as they are now; null removes one. Throws {@link InvalidRequest} where they would be too many. */
  async setTraits(visitorId: string, traits: JsonObject): Promise<void> {
    await this.say({ ...this.said(visitorId), kind: 'traits', source: 'api', traits });
  }

  /**
   * What the person says about a purpose, now unless it says when. Throws {@link InvalidRequest} where there would be
   * too many.
   */
  async setConsent(visitorId: string, { purpose, granted, until, at }: SaidConsent): Promise<void> {
    const said = this.said(visitorId);
    await this.say({ ...said, kind: 'consent', purpose, granted, until, timestamp: at ?? said.timestamp });
  }

  /**
   * Brings to its end that somebody is parted in two, where the memory of this id says so; false where both are being
   * erased.
   */
  finishParting(id: string): Promise<boolean> {
    return this.writer.finishParting(id);
  }

  /** Forgets what this process has found out about whoever had these ids. */
  forget(ids: Iterable<string>): void {
    this.writer.forget(ids);
  }

  /** Forgets what was found out about whoever has not come again for a while. */
  forgetGlances(): void {
    this.writer.forgetOld();
  }

  /** To be told by whoever erases how to ask whether the documents of an id are being erased. */
  askWhoIsErased(isErased: (id: string) => Promise<boolean>): void {
    this.writer.isErased = isErased;
  }

  /** To be told by whoever has to hear of outcomes. */
  listenToOutcomes(listener: OutcomeListener): void {
    this.listener = listener;
  }

  /** Events as they came, and are to be read: see {@link OutcomeListener.complete}. The same list where nothing is. */
  completed(events: readonly Json[], visitorId?: string): readonly Json[] | Promise<readonly Json[]> {
    return this.listener.complete(events, visitorId);
  }

  /** To be told by whoever knows which word counts how to judge what events tell of offers. */
  askAboutOutcomes(judge: OutcomeJudge): void {
    this.judge = judge;
  }

  /** The next place in the order of arrival, for events that were not read by {@link normalise}. */
  nextArrival(receivedAt: Millis): number {
    return this.arrivals.next(receivedAt);
  }

  private async say(event: MemoryEvent): Promise<void> {
    const [outcome] = await this.record([event]);
    if (outcome?.refused) throw new InvalidRequest([{ ...outcome.refused, path: '' }]);
  }

  private async write(events: readonly MemoryEvent[], besides?: string): Promise<Written> {
    const written = this.counted(await this.writer.write(events, besides));
    const told = events.filter((event, at) => tellsOfOffers(event) && written.outcomes[at]?.refused === undefined);
    if (told.length > 0) await this.listener.hear(told);
    return written;
  }

  private counted(written: Written): Written {
    for (const { over } of written.outcomes) if (over) this.over.add(1, { limit: over });
    return written;
  }

  private said(visitorId: string) {
    const timestamp = Date.now();
    return {
      userId: undefined,
      anonymousId: visitorId,
      messageId: undefined,
      timestamp,
      arrival: this.arrivals.next(timestamp),
    };
  }

  /**
   * To be called when a view turns out to be of a document that can't be read: it is set aside, and whose it is a
   * stranger from then on.
   */
  async setAsideIfCorrupt(id: string): Promise<void> {
    await this.read(id, decode);
  }

  /** What `look` makes of the document that an id leads to; undefined for a stranger, and where it can't be read. */
  private async read<T>(id: string, look: (bytes: Uint8Array) => T): Promise<T | undefined> {
    const found = await findDocument(id, this.store, this.corrupt);
    return found && this.corrupt.readOrSetAside(found.id, found.stored, look);
  }
}

function limits(as: SeenAs | undefined): Pick<SeenVisitor, 'seenAs'> {
  return as ? { seenAs: as } : {};
}
