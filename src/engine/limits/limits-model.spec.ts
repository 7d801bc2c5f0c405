import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../decide.js';
import { contactsOf, type Contact } from '../visitor/contacts.js';
import { visitorView } from '../visitor/visitor.js';
import { HOUR, inputOf, MINUTE, NOW, shelf } from './limits.contract.js';
import { reservationsOf } from './reservations.js';

const [PER_OFFER, ACROSS, WINDOW_MS, HOLD_MS] = [2, 3, 2 * HOUR, 30 * MINUTE];
const OFFERS = ['a', 'b'] as const;
const cap = { event: 'shown', limit: PER_OFFER, within: '2h', hold: '30m' } as const;
const rulebook = shelf({
  offers: { a: { caps: [cap] }, b: { caps: [cap] } },
  contact: { limits: [{ event: 'shown', limit: ACROSS, within: '2h', hold: '30m' }] },
});

/** An item that was granted: what the plain reference remembers of it. */
interface Item {
  readonly ref: number;
  readonly offer: string;
  readonly at: number;
  /** Its process crashed before it answered: nothing will be heard of it. */
  readonly isLost: boolean;
  shownAt?: number;
  isOver?: boolean;
}

/** A person's document as the product keeps it, a set of contacts; and beside it what the reference knows. */
class Document {
  readonly contacts = new Map<string, Contact>();
  readonly items = new Map<number, Item>();

  /** Told twice it is the same contact; of two the later one counts, as in documents. */
  put(contact: Contact): void {
    const key = `${contact.offer} ${contact.event} ${contact.ref}`;
    const before = this.contacts.get(key);
    if (!before || contact.at > before.at) this.contacts.set(key, contact);
  }

  copy(): readonly Contact[] {
    return [...this.contacts.values()];
  }

  /** How many places are taken, by the plain reference. */
  places(now: number, offer?: string): number {
    const counts = ({ at, shownAt, isOver, ...item }: Item) => {
      if (offer !== undefined && item.offer !== offer) return false;
      return shownAt !== undefined ? now - shownAt < WINDOW_MS : !isOver && now < at + HOLD_MS;
    };
    return [...this.items.values()].filter(counts).length;
  }

  merge(other: Document): void {
    for (const contact of other.copy()) this.put(contact);
    for (const [ref, item] of other.items) this.items.set(ref, item);
  }
}

type Step =
  | { readonly kind: 'reserve'; readonly isStale: boolean; readonly isLost: boolean }
  | { readonly kind: 'confirm' | 'dismiss' | 'release'; readonly which: number; readonly isDoubled: boolean }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'merge' };

const step: fc.Arbitrary<Step & { readonly document: number }> = fc
  .oneof<[fc.Arbitrary<Step>, ...fc.Arbitrary<Step>[]]>(
    fc.record({ kind: fc.constant('reserve'), isStale: fc.boolean(), isLost: fc.boolean() }),
    fc.record({ kind: fc.constant('reserve'), isStale: fc.constant(true), isLost: fc.boolean() }),
    fc.record({ kind: fc.constant('reserve'), isStale: fc.boolean(), isLost: fc.constant(false) }),
    fc.record({ kind: fc.constantFrom('confirm', 'dismiss', 'release'), which: fc.nat(20), isDoubled: fc.boolean() }),
    fc.record({ kind: fc.constant('wait'), minutes: fc.integer({ min: 1, max: 50 }) }),
    fc.constant<Step>({ kind: 'merge' }),
  )
  .chain((one) => fc.nat(1).map((document) => ({ ...one, document })));

/** Runs the steps on two documents of what may turn out to be one person; gives how much was granted and refused. */
function run(steps: readonly (Step & { readonly document: number })[]) {
  const told = { granted: 0, refused: 0 };
  const documents = [new Document(), new Document()];
  let [now, refs] = [NOW, 0];
  for (const one of steps) {
    const document = documents[one.document] as Document;
    const items = [...document.items.values()].filter(({ isLost }) => !isLost);
    if (one.kind === 'wait') now += one.minutes * MINUTE;
    if (one.kind === 'merge') {
      // Both ids lead to the joined document from then on.
      document.merge(documents[1 - one.document] as Document);
      documents[1 - one.document] = document;
    }
    if (one.kind === 'reserve') {
      // A decision may be made from contacts that others have added to by the time it reserves.
      const seen = one.isStale ? [] : document.copy();
      const input = inputOf(rulebook, { now, contacts: seen });
      const decisions = decide(input);
      // Who has seen all there is finds an offer exactly where one is free.
      if (!one.isStale) expect([steps, decisions[0]?.items.length === 1]).toEqual([steps, isAnyFree(document, now)]);
      for (const reservation of reservationsOf(decisions, { ...input, visitor: visitorView({ visitorId: 'v' }) })) {
        const { offer } = reservation;
        const isFree = document.places(now, offer) < PER_OFFER && document.places(now) < ACROSS;
        expect([steps, reservation.fits(contactsOf(document.copy()))]).toEqual([steps, isFree]);
        if (!isFree) told.refused++;
        else {
          told.granted++;
          const ref = ++refs;
          document.put({ event: 'decided', offer, at: now, ref, heldUntil: now + reservation.heldMs });
          document.items.set(ref, { ref, offer, at: now, isLost: one.isLost });
        }
      }
    }
    if (one.kind === 'confirm' || one.kind === 'dismiss' || one.kind === 'release') {
      const item = items[one.which % Math.max(1, items.length)];
      if (!item) continue;
      const event = one.kind === 'confirm' ? 'shown' : one.kind === 'dismiss' ? 'dismissed' : 'released';
      for (let time = 0; time <= Number(one.isDoubled); time++)
        document.put({ event, offer: item.offer, at: now + time, ref: item.ref });
      // Told again later, it was shown later.
      if (event === 'shown') item.shownAt = now + Number(one.isDoubled);
      else item.isOver = true;
    }
  }
  return told;
}

function isAnyFree(document: Document, now: number): boolean {
  return document.places(now) < ACROSS && OFFERS.some((offer) => document.places(now, offer) < PER_OFFER);
}

test('10,000 interleavings of reserving, confirming, expiring, merging and crashing grant no place too many', () => {
  const all = { granted: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      const { granted, refused } = run(steps);
      all.granted += granted;
      all.refused += refused;
    }),
    { numRuns: 10_000, seed: 14 },
  );
  // Both happened often enough to mean something.
  expect(Math.min(all.granted, all.refused)).toBeGreaterThan(5_000);
});
