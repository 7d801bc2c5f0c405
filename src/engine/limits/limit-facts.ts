import type { AskedPlacement, DecisionFacts } from '../facts/decision-facts.js';
import { zoneOf } from '../facts/now-fact.js';
import type { Millis } from '../language/millis.js';
import { itemRef, type Contact, type Contacts } from '../visitor/contacts.js';
import type { KnownLimits } from './known-limits.js';

/** What limits are judged by. */
export interface LimitFacts extends DecisionFacts {
  /** What is told of limits besides the visitor's contacts; undefined where nothing is. */
  readonly told?: ToldLimits | undefined;
  readonly placement: LeasingPlacement | undefined;
}

/** A placement, and how long its channel keeps to itself what it offers; undefined where it does not. */
export interface LeasingPlacement extends AskedPlacement {
  readonly leaseMs?: Millis | undefined;
}

/** What a decision is told of limits. */
export interface ToldLimits {
  readonly known: KnownLimits | undefined;
  /** The items that an earlier run of this very decision has taken; undefined where there was none. */
  readonly own: OwnItems | undefined;
}

/** The items of a decision by their number, worked out when they are first asked for. */
export class OwnItems {
  private refs: Set<number> | undefined;

  constructor(
    private readonly decisionId: string,
    private readonly placements: readonly { readonly id: string }[],
  ) {}

  has(ref: number): boolean {
    this.refs ??= new Set(this.placements.map(({ id }) => itemRef(this.decisionId, id)));
    return this.refs.has(ref);
  }
}

/** The contacts that count against a decision: not what it took itself, run before, but what it has taken by now. */
export function contactsAgainst(facts: LimitFacts, taken: readonly Contact[] = NONE): Contacts {
  const contacts = facts.visitor.contacts();
  const own = facts.told?.own;
  return own || taken.length > 0 ? new ContactsBut(contacts, own, taken) : contacts;
}

const NONE: readonly Contact[] = [];

class ContactsBut implements Contacts {
  constructor(
    private readonly contacts: Contacts,
    private readonly own: OwnItems | undefined,
    private readonly taken: readonly Contact[],
  ) {}

  offers(): readonly string[] {
    const offers = this.contacts.offers();
    return this.taken.length === 0 ? offers : [...new Set([...offers, ...this.taken.map(({ offer }) => offer)])].sort();
  }

  of(offer: string): readonly Contact[] {
    const { own } = this;
    const all = this.contacts.of(offer);
    const others = own ? all.filter(({ ref }) => !own.has(ref)) : all;
    const taken = this.taken.filter((one) => one.offer === offer);
    return taken.length === 0 ? others : [...others, ...taken];
  }

  goals(event: string): readonly number[] {
    return this.contacts.goals(event);
  }
}

/** The channel that is asked for. */
export function askedChannel({ channel, placement }: Pick<LimitFacts, 'channel' | 'placement'>): string | undefined {
  return channel ?? placement?.channel;
}

/** By whose clocks days are reckoned where a limit does not say. */
export function askedZone(facts: LimitFacts): string {
  return zoneOf(facts);
}
