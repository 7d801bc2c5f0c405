/** What a store of limits has to do, as simply as can be said: the contract suite compares each store with it. */
import fc from 'fast-check';
import type { CounterAsk, Hold, LimitStore } from './limit-store.js';

/** How a place is taken: briefly, for longer than a test, or for ever. */
type How = 'held briefly' | 'held' | 'confirmed briefly' | 'confirmed' | 'for ever';

/** Something that is asked of a store, about one offer. */
export interface LimitCommand {
  readonly ask: 'grant' | 'confirm' | 'release' | 'release all' | 'stock';
  readonly ref: string;
  readonly counters: readonly { readonly key: string; readonly how: How }[];
  readonly left: number;
  /** Who asked has died. */
  readonly isNeverHeard: boolean;
}

const COUNTERS: readonly CounterAsk[] = [
  { key: 'day', limit: 2 },
  { key: 'month', limit: 3 },
  { key: 'stock', limit: 'stock' },
];
const LONG_MS = 3_600_000;
let briefMs = 0;

/** Sequences of what may be asked; `ms` is how long brief is. */
export function limitCommands(ms: number): fc.Arbitrary<LimitCommand[]> {
  briefMs = ms;
  const how = fc.constantFrom<How>('held briefly', 'held', 'held', 'confirmed briefly', 'confirmed', 'for ever');
  const counter = fc.record({ key: fc.constantFrom(...COUNTERS.map(({ key }) => key)), how });
  const command = fc.record({
    ask: fc.constantFrom<LimitCommand['ask']>('grant', 'grant', 'grant', 'confirm', 'release', 'release all', 'stock'),
    ref: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    counters: fc.uniqueArray(counter, { minLength: 1, maxLength: 3, selector: ({ key }) => key }),
    left: fc.nat(3),
    isNeverHeard: fc.boolean(),
  });
  return fc.array(command, { minLength: 1, maxLength: 12 });
}

/** Asks it of a store. */
export async function tell(store: LimitStore, command: LimitCommand, offer: string, now: number): Promise<unknown> {
  const { ask, ref, counters, left } = command;
  if (ask === 'stock') return store.setStock([{ offer, left }]);
  if (ask === 'release') return store.release([{ offer, ref, counters }]);
  if (ask === 'release all') return store.release([{ offer, ref, counters }], 'all');
  if (ask === 'confirm')
    return store.confirm([
      { offer, ref, counters: counters.map(({ key, how }) => ({ key, until: untilOf(how, now) })) },
    ]);
  const asked = counters.map(({ key, how }) => ({ key, limit: limitOf(key), hold: holdOf(how, now) }));
  const [answer] = await store.grant([{ offer, ref, counters: asked }]);
  return answer && 'freesAt' in answer ? { granted: false, key: answer.key } : answer;
}

interface Place {
  isConfirmed: boolean;
  until: number;
  /** Confirmed before the stock was told anew. */
  isOld: boolean;
}

/** The places of one offer. */
export class LimitModel {
  private readonly places = new Map<string, Map<string, Place>>(COUNTERS.map(({ key }) => [key, new Map()]));
  private stock: number | undefined;

  /** What there is to look at. */
  counters(): readonly CounterAsk[] {
    return COUNTERS;
  }

  /** Does what is asked, and answers as a store has to, but for `freesAt`. */
  tell(command: LimitCommand, now: number): unknown {
    this.purge(now);
    if (command.ask === 'grant') return this.grant(command, now);
    if (command.ask === 'stock') this.setStock(command.left);
    for (const { key, how } of command.counters) {
      const place = this.of(key).get(command.ref);
      if (command.ask === 'confirm') this.confirm(key, command.ref, untilOf(how, now));
      const isGiven = command.ask === 'release all' || (command.ask === 'release' && !place?.isConfirmed);
      if (isGiven) this.of(key).delete(command.ref);
    }
    return undefined;
  }

  /** What counts of each counter at an instant. */
  left(now: number): { confirmed: number; held: number; limit: number | undefined }[] {
    this.purge(now);
    return COUNTERS.map(({ key, limit }) => {
      const counting = this.counting(key);
      const confirmed = counting.filter(({ isConfirmed }) => isConfirmed).length;
      return { confirmed, held: counting.length - confirmed, limit: limit === 'stock' ? this.stock : limit };
    });
  }

  private grant({ ref, counters }: LimitCommand, now: number): unknown {
    const unknown = counters.filter(({ key }) => !this.of(key).has(ref));
    const full = unknown.find(({ key }) => this.counting(key).length >= this.limit(key));
    if (full) return { granted: false, key: full.key };
    for (const { key, how } of counters) {
      const place = this.of(key).get(ref);
      const hold = holdOf(how, now);
      if ('confirmedUntil' in hold) this.confirm(key, ref, hold.confirmedUntil);
      else if (!place) this.of(key).set(ref, { isConfirmed: false, until: now + hold.ms, isOld: false });
      else if (!place.isConfirmed) place.until = Math.max(place.until, now + hold.ms);
    }
    return unknown.length === 0 ? { granted: true, known: true } : { granted: true };
  }

  private confirm(key: string, ref: string, until: number): void {
    if (this.of(key).get(ref)?.isConfirmed) return;
    this.of(key).set(ref, { isConfirmed: true, until: key === 'stock' ? Infinity : until, isOld: false });
  }

  private setStock(left: number): void {
    this.stock = left;
    for (const place of this.of('stock').values()) place.isOld = place.isConfirmed;
  }

  private purge(now: number): void {
    for (const places of this.places.values())
      for (const [ref, { until }] of places) if (until <= now) places.delete(ref);
  }

  private counting(key: string): Place[] {
    return [...this.of(key).values()].filter(({ isOld }) => !isOld);
  }

  private limit(key: string): number {
    const limit = limitOf(key);
    return limit === 'stock' ? (this.stock ?? 0) : limit;
  }

  private of(key: string): Map<string, Place> {
    const places = this.places.get(key);
    if (!places) throw new Error(`there is no counter ${key}`);
    return places;
  }
}

function limitOf(key: string): number | 'stock' {
  return COUNTERS.find((one) => one.key === key)?.limit ?? 0;
}

function holdOf(how: How, now: number): Hold {
  if (how === 'held' || how === 'held briefly') return { ms: how === 'held' ? LONG_MS : briefMs };
  return { confirmedUntil: untilOf(how, now) };
}

function untilOf(how: How, now: number): number {
  if (how === 'for ever') return Infinity;
  return how === 'confirmed' || how === 'held' ? now + LONG_MS : now + briefMs;
}
