import { hash } from 'node:crypto';

/** The counter of an offer whose limit is the figure that was told last: see {@link LimitStore.setStock}. */
export const STOCK = 'stock';

/** A counter of an offer, and how many places it has. */
export interface CounterAsk {
  /** Names the counter among those of its offer. */
  readonly key: string;
  /** `stock`: as many as were told for {@link STOCK}, which is then the key; none where nothing was told. */
  readonly limit: number | 'stock';
}

/**
 * How long a place is taken: held for so many milliseconds from now on, by the clock of the store, or confirmed at once
 * and counting until an instant (milliseconds since the epoch; `Infinity` for ever).
 */
export type Hold = { readonly ms: number } | { readonly confirmedUntil: number };

/** A place asked for in every counter at once. */
export interface GrantAsk {
  readonly offer: string;
  /** Names what takes the place; who asks again under the same name has the same place. */
  readonly ref: string;
  /** At most one of each key. */
  readonly counters: readonly (CounterAsk & { readonly hold: Hold })[];
}

/** Whether a place was granted. */
export type Granted =
  | {
      readonly granted: true;
      /** Every counter had this place already. */
      readonly known?: true;
    }
  | {
      readonly granted: false;
      /** The first counter that has none left. */
      readonly key: string;
      /** When one may come back at the earliest, by the clock of the store; absent where none comes back by itself. */
      readonly freesAt?: number;
    };

/** A place that counts from now on, whether or not it was held. */
export interface Confirmation {
  readonly offer: string;
  readonly ref: string;
  /** Each counts until an instant (milliseconds since the epoch), or for ever: `Infinity`. */
  readonly counters: readonly { readonly key: string; readonly until: number }[];
}

/** A place that is given back. */
export interface Release {
  readonly offer: string;
  readonly ref: string;
  readonly counters: readonly { readonly key: string }[];
}

/** Counters that are looked at. */
export interface LeftAsk {
  readonly offer: string;
  readonly counters: readonly CounterAsk[];
}

/** How it stands with a counter. */
export interface Left {
  readonly key: string;
  /** As it was asked with; of the stock, as it was told last, absent where it never was. */
  readonly limit?: number;
  /** Of the stock, since it was told last. May be above the limit: what happened late counts all the same. */
  readonly confirmed: number;
  readonly held: number;
  /** Where no place is left: as in {@link Granted}. */
  readonly freesAt?: number;
}

/** How many are left of an offer now. */
export interface Stock {
  readonly offer: string;
  /** A whole number. */
  readonly left: number;
}

/**
 * The limits of offers in total. Each counter of an offer is a set of places, each of which is held or confirmed and
 * counts until an instant; a counter never grants more than its limit, whoever asks at once and from wherever. Instants
 * are judged by the clock of the store.
 *
 * A place confirmed for ever is known by its name for {@link REF_KEPT_DAYS} days, and only counted afterwards. Of the
 * stock all that is confirmed counts until the stock is told anew. Names are kept as hashes.
 */
export abstract class LimitStore {
  /** All or nothing for each of the asks. Those that are asked at once may be seen to in any order. */
  abstract grant(asks: readonly GrantAsk[]): Promise<Granted[]>;

  /**
   * Each place counts until its instant, once, however often it is told; also one that was no longer held, and beyond
   * the limit, as it has happened.
   */
  abstract confirm(of: readonly Confirmation[]): Promise<void>;

  /** Gives back what is held alone, or `all`, also what was confirmed: it was granted, and nobody was told. */
  abstract release(of: readonly Release[], how?: 'held' | 'all'): Promise<void>;

  /** How it stands with counters, in the order of asking. */
  abstract left(of: readonly LeftAsk[]): Promise<Left[][]>;

  /** So many are left now: what was confirmed before counts no longer, what is held does. */
  abstract setStock(stocks: readonly Stock[]): Promise<void>;

  /** One for all who share the store, for ever: the first that was stored. */
  abstract secret(make: () => string): Promise<string>;
}

/** So long the name of a place that counts for ever is remembered. */
export const REF_KEPT_DAYS = 35;

/** The last instant that there is a date for. */
const LAST_INSTANT = 8_640_000_000_000_000;

/** Until when a place counts that is confirmed. */
export function endOf(key: string, until: number): number {
  return key === STOCK || until > LAST_INSTANT ? Infinity : until;
}

/** The name of a place as it is kept: 96 bits of its SHA-256, which no two of a counter share by chance. */
export function hashOf(ref: string): Buffer {
  return hash('sha256', ref, 'buffer').subarray(0, 12);
}
