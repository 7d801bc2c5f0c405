import { Injectable } from '@nestjs/common';
import { messageRef, type Contact, type Contacts } from '../engine/visitor/contacts.js';
import { counterRef } from '../limits/counter-ref.js';
import { countedUntil } from '../limits/offer-standing.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { LimitStore, type Confirmation, type Release } from '../stores/limit-store.js';
import { tellsOfOffers } from '../visitors/intake/outcome-judge.js';
import type { InteractionEvent, MemoryEvent } from '../visitors/memory/memory-event.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { capsOn, offersWithGoal } from './counted-offers.js';

/** What an outcome changes of the counters in total. */
interface Changes {
  readonly confirmations: Confirmation[];
  readonly releases: Release[];
}

/**
 * Tells the counters of limits in total what became of the places that they hold. It is done again for events that are
 * sent again: a crash between the two loses nothing, and a counter knows what it was told.
 */
@Injectable()
export class OutcomeCounters {
  constructor(
    private readonly rulebooks: RulebookService,
    private readonly store: LimitStore,
    private readonly visitors: VisitorsService,
  ) {}

  /** Hears of events that are stored, now or before. Rejects where the counters can't be told. */
  async hear(events: readonly MemoryEvent[]): Promise<void> {
    if (!this.rulebooks.isServing) return;
    const told = events.filter(tellsOfOffers);
    if (told.length === 0) return;
    const changes: Changes = { confirmations: [], releases: [] };
    for (const event of told) await this.add(event, changes);
    // What happened counts before the place that was held for it is free: too few for a moment, never too many.
    if (changes.confirmations.length > 0) await this.store.confirm(changes.confirmations);
    if (changes.releases.length > 0) await this.store.release(changes.releases);
  }

  private async add(event: InteractionEvent, changes: Changes): Promise<void> {
    const serving = this.rulebooks.serving();
    const { contact } = event;
    if (contact) {
      const isOver = contact.event === 'dismissed';
      const caps = capsOn(serving, contact.offer, isOver ? { placement: contact.placement } : contact);
      if (caps.length > 0 && !isOver) this.confirm(changes, contact, contact.ref, caps);
      const held = caps.length > 0 ? await this.heldFor(event, contact) : undefined;
      if (held !== undefined)
        changes.releases.push({
          offer: contact.offer,
          ref: counterRef(held),
          counters: caps.map(({ key }) => ({ key })),
        });
    }
    if (event.goal) await this.addGoal(event, changes);
  }

  /** The goal of an offer counts as accepted, for the last contact before it. */
  private async addGoal(event: InteractionEvent, changes: Changes): Promise<void> {
    const serving = this.rulebooks.serving();
    const offers = offersWithGoal(serving, event.event).filter(
      ({ id }) => capsOn(serving, id, { event: 'accepted' }).length > 0,
    );
    if (offers.length === 0) return;
    const contacts = await this.contactsOf(event);
    for (const { id, goal } of offers) {
      const last = lastBefore(contacts, id, { at: event.timestamp, events: TOUCHES, withinMs: goal?.withinMs ?? 0 });
      if (!last) continue;
      const reached = { ...last, event: 'accepted' as const, at: event.timestamp };
      this.confirm(changes, reached, last.ref, capsOn(serving, id, reached));
    }
  }

  private confirm(
    { confirmations }: Changes,
    { offer, at }: Contact,
    ref: number,
    caps: ReturnType<typeof capsOn>,
  ): void {
    const counters = caps.map((cap) => ({ key: cap.key, until: countedUntil(cap, at) }));
    if (counters.length > 0) confirmations.push({ offer, ref: counterRef(ref), counters });
  }

  /**
   * The decision whose hold an outcome ends by more than being counted: its own where it is dismissed; and of what
   * names none, which counts by its message, the last one of the offer for this person.
   */
  private async heldFor(event: InteractionEvent, contact: Contact): Promise<number | undefined> {
    if (contact.ref !== messageRef(event.messageId)) return contact.event === 'dismissed' ? contact.ref : undefined;
    const contacts = await this.contactsOf(event);
    return lastBefore(contacts, contact.offer, { at: contact.at, events: ['decided'], withinMs: Infinity })?.ref;
  }

  private async contactsOf({ userId, anonymousId = '' }: InteractionEvent): Promise<Contacts> {
    const { view } = await this.visitors.view(userId ?? anonymousId);
    return view.contacts();
  }
}

const TOUCHES: readonly Contact['event'][] = ['decided', 'shown', 'clicked'];

/** The last contact with an offer until `at`, unless that is longer ago than `withinMs`. */
function lastBefore(
  contacts: Contacts,
  offer: string,
  { at, events, withinMs }: { at: number; events: readonly Contact['event'][]; withinMs: number },
): Contact | undefined {
  const all = contacts.of(offer);
  const released = new Set(all.filter(({ event }) => event === 'released').map(({ ref }) => ref));
  const last = all.findLast((one) => events.includes(one.event) && one.at <= at && !released.has(one.ref));
  return last && at < last.at + withinMs ? last : undefined;
}
