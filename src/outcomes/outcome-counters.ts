import { Injectable } from '@nestjs/common';
import { messageRef, type Contact, type Contacts } from '../engine/visitor/contacts.js';
import { touches } from '../engine/visitor/happened.js';
import { counterRef } from '../limits/counter-ref.js';
import { countedUntil } from '../limits/offer-standing.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { LimitStore, type Confirmation, type Release } from '../stores/limit-store.js';
import { tellsOfOffers } from '../visitors/intake/outcome-judge.js';
import type { InteractionEvent, MemoryEvent } from '../visitors/memory/memory-event.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { capsOn, countedGoals, offersWithGoal } from './counted-offers.js';
import { reattributed } from './reattributed.js';

/** What an outcome changes of the counters in total. */
interface Changes {
  readonly confirmations: Confirmation[];
  readonly releases: Release[];
  /** Places of what is accepted by another contact now, which is among the confirmations. */
  readonly moved: Release[];
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
    const changes: Changes = { confirmations: [], releases: [], moved: [] };
    for (const event of told) await this.add(event, changes);
    await this.addReached(told, changes);
    // What happened counts before the place that was held for it is free: too few for a moment, never too many.
    if (changes.confirmations.length > 0) await this.store.confirm(changes.confirmations);
    if (changes.releases.length > 0) await this.store.release(changes.releases);
    if (changes.moved.length > 0) await this.store.release(changes.moved, 'all');
  }

  private async add(event: InteractionEvent, changes: Changes): Promise<void> {
    const serving = this.rulebooks.serving();
    const { contact } = event;
    if (!contact) return;
    const isOver = contact.event === 'dismissed';
    const caps = capsOn(serving, contact.offer, isOver ? { placement: contact.placement } : contact);
    if (caps.length > 0 && !isOver) this.confirm(changes, contact, contact.ref, caps);
    const held = caps.length > 0 ? await this.heldFor(event, contact) : undefined;
    if (held !== undefined) changes.releases.push(releaseOf(contact.offer, held, caps));
  }

  /** What goals make of contacts with their offers counts as accepted, whichever of the two was told first. */
  private async addReached(told: readonly InteractionEvent[], changes: Changes): Promise<void> {
    const serving = this.rulebooks.serving();
    for (const event of told) {
      const offers = this.mayChange(event)
        .map((offer) => ({ offer, goals: countedGoals(serving, offer) }))
        .filter(({ goals }) => goals.length > 0);
      if (offers.length === 0) continue;
      const contacts = await this.contactsOf(event);
      for (const one of offers) {
        const { more, gone } = reattributed(contacts, one, told);
        for (const reached of more) this.confirm(changes, reached, reached.ref, capsOn(serving, one.offer, reached));
        for (const { ref, ...of } of gone)
          changes.moved.push(releaseOf(one.offer, ref, capsOn(serving, one.offer, of)));
      }
    }
  }

  /** The offers of which something else may be accepted now. */
  private mayChange({ event, contact, goal }: InteractionEvent): readonly string[] {
    const touched = contact && touches.includes(contact.event) ? [contact.offer] : [];
    const reached = goal ? offersWithGoal(this.rulebooks.serving(), event).map(({ id }) => id) : [];
    return [...new Set([...touched, ...reached])];
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
    return lastDecided(await this.contactsOf(event), contact)?.ref;
  }

  private async contactsOf({ userId, anonymousId = '' }: InteractionEvent): Promise<Contacts> {
    const { view } = await this.visitors.view(userId ?? anonymousId);
    return view.contacts();
  }
}

function releaseOf(offer: string, ref: number, caps: ReturnType<typeof capsOn>): Release {
  return { offer, ref: counterRef(ref), counters: caps.map(({ key }) => ({ key })) };
}

/** The last decision of an offer until `at`, but for those that were not answered. */
function lastDecided(contacts: Contacts, { offer, at }: Contact): Contact | undefined {
  const all = contacts.of(offer);
  const released = new Set(all.filter(({ event }) => event === 'released').map(({ ref }) => ref));
  return all.findLast((one) => one.event === 'decided' && one.at <= at && !released.has(one.ref));
}
