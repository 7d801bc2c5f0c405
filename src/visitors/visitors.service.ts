import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject, VisitorView } from '../engine/types.js';
import { visitorView } from '../engine/visitor-view.js';
import { VisitorStore } from '../stores/visitor-store.js';
import { aliasOf, decode, viewOfMemory, viewOfBytes } from './codec.js';
import { ArrivalClock, normaliseEvent, type NormalisedEvent } from './incoming-event.js';
import { apply, emptyMemory, type Memory, type MemoryEvent, type Retention } from './memory.js';
import { newId } from './new-id.js';
import { VisitorWriter, type Recorded } from './visitor-writer.js';

/** How long what is remembered stays; see {@link Retention}. */
export const RETENTION = Symbol('retention');

/** What we remember of people: read for decisions, written by events. */
@Injectable()
export class VisitorsService {
  private readonly writer: VisitorWriter;
  private readonly arrivals = new ArrivalClock();

  constructor(
    private readonly store: VisitorStore,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {
    this.writer = new VisitorWriter(store, retention);
  }

  /** The person behind an id; a stranger is a person of whom nothing is known. One round trip, two for a linked id. */
  async view(id: string): Promise<VisitorView> {
    const bytes = await this.read(id);
    return bytes === undefined ? visitorView({ visitorId: id }) : viewOfBytes(bytes, id, Date.now(), this.retention);
  }

  /** The person as they would be after these events, which are not stored. */
  async viewAfter(id: string, events: readonly MemoryEvent[]): Promise<VisitorView> {
    const memory = (await this.find(id)) ?? emptyMemory(id);
    return viewOfMemory(apply(memory, events, Date.now(), this.retention).memory, id, Date.now(), this.retention);
  }

  /** Everything remembered under an id; undefined for a stranger. */
  async find(id: string): Promise<Memory | undefined> {
    const bytes = await this.read(id);
    const document = bytes && decode(bytes);
    return document?.kind === 'memory' ? document.memory : undefined;
  }

  /** Reads events as they came in; those of one call keep their order. `visitorId` stands in where an event names nobody. */
  normalise(events: readonly unknown[], visitorId?: string): NormalisedEvent[] {
    const receivedAt = Date.now();
    const whose = visitorId === undefined ? {} : { visitorId };
    return events.map((raw) => normaliseEvent(raw, { receivedAt, arrival: this.arrivals.next(receivedAt), newId, ...whose }));
  }

  /** Stores events; what resolves survives the death of this process. */
  record(events: readonly MemoryEvent[]): Promise<Recorded[]> {
    return this.writer.write(events);
  }

  /** Sets traits as they are now (or were at `timestamp`); null removes one. */
  async setTraits(people: readonly { readonly visitorId: string; readonly traits: JsonObject; readonly timestamp?: number }[]): Promise<void> {
    const receivedAt = Date.now();
    await this.writer.write(
      people.map(({ visitorId, traits, timestamp }) => ({
        kind: 'traits',
        source: 'api',
        userId: undefined,
        anonymousId: visitorId,
        messageId: undefined,
        timestamp: timestamp ?? receivedAt,
        arrival: this.arrivals.next(receivedAt),
        traits,
      })),
    );
  }

  private async read(id: string): Promise<Uint8Array | undefined> {
    let bytes = (await this.store.load([id]))[0]?.document;
    for (let hops = 0, target = bytes && aliasOf(bytes); target !== undefined && hops < MAX_HOPS; hops++) {
      bytes = (await this.store.load([target]))[0]?.document;
      target = bytes && aliasOf(bytes);
    }
    return bytes;
  }
}

/** Links are made straight to the memory; a chain can only grow by merges of merged people. */
const MAX_HOPS = 8;
