import {
  type Confirmation,
  type CounterAsk,
  type Granted,
  type GrantAsk,
  hashOf,
  type Left,
  type LeftAsk,
  LimitStore,
  type Release,
  type Stock,
  STOCK,
} from '../limit-store.js';
import { PLACE_KINDS } from '../sqlite-writer/limit-writes.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** Of a counter: what counts at an instant, and when the first of it ends. */
interface CounterRow {
  readonly stock: number | null;
  readonly held: number;
  readonly ending: number;
  readonly ever: number;
  readonly first_end: number | null;
  /** Places that are there and are over. */
  readonly over: number;
}

/** When so many are over, they are removed: each costs every look a little. */
const MANY_OVER = 200;

/**
 * Limits in total in a SQLite file, by the clock of the machine, which all processes that open it share. A power cut
 * may cost the latest grants, as it may cost all that was written.
 */
export class SqliteLimitStore extends LimitStore {
  private readonly select: Statement;
  private isSweeping = false;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly now: () => number = Date.now,
  ) {
    super();
    this.select = database.prepare(SELECT_COUNTER);
  }

  async grant(asks: readonly GrantAsk[]): Promise<Granted[]> {
    return asks.length === 0 ? [] : this.database.write('grantLimits', asks.map(hashed), this.now());
  }

  async confirm(of: readonly Confirmation[]): Promise<void> {
    if (of.length > 0) await this.database.write('confirmLimits', of.map(hashed), this.now());
  }

  async release(of: readonly Release[], how: 'held' | 'all' = 'held'): Promise<void> {
    if (of.length > 0) await this.database.write('releaseLimits', of.map(hashed), how, this.now());
  }

  async left(of: readonly LeftAsk[]): Promise<Left[][]> {
    const now = this.now();
    return this.database.run(() =>
      of.map(({ offer, counters }) => counters.map((asked) => this.look(offer, asked, now))),
    );
  }

  private look(offer: string, asked: CounterAsk, now: number): Left {
    const row = (this.select.get({ offer, key: asked.key, now }) as unknown as CounterRow | undefined) ?? NOTHING;
    if (row.over > MANY_OVER && !this.isSweeping) void this.sweep(offer, asked.key, now);
    return leftOf(asked, row);
  }

  /** Those that are over by now, some at a time. What can't be written now is for a later look. */
  private async sweep(offer: string, key: string, now: number): Promise<void> {
    this.isSweeping = true;
    try {
      while ((await this.database.write('endPlaces', offer, key, now)) > 0);
    } catch {
      // Whoever writes next is told.
    } finally {
      this.isSweeping = false;
    }
  }

  async setStock(stocks: readonly Stock[]): Promise<void> {
    if (stocks.length > 0) await this.database.write('setStock', stocks, STOCK, this.now());
  }

  secret(make: () => string): Promise<string> {
    return this.database.write('keepSecret', 'outcomes', make());
  }
}

/** Places that are over may still be there, and are not counted. */
const places = (kind: number, what: string, when: string) =>
  `(SELECT ${what} FROM limit_places WHERE counter = limit_counters.id AND kind = ${kind} AND instant ${when} $now)`;
const { held, ending } = PLACE_KINDS;
const FAR = Number.MAX_SAFE_INTEGER;
const SELECT_COUNTER =
  'SELECT stock, held - held_over AS held, ending - ending_over AS ending, ever, held_over + ending_over AS over, ' +
  `nullif(min(ifnull(first_held, ${FAR}), ifnull(first_ending, ${FAR})), ${FAR}) AS first_end FROM (SELECT *, ` +
  `${places(held, 'count(*)', '<=')} AS held_over, ${places(ending, 'count(*)', '<=')} AS ending_over, ` +
  `${places(held, 'min(instant)', '>')} AS first_held, ${places(ending, 'min(instant)', '>')} AS first_ending ` +
  'FROM limit_counters WHERE offer = $offer AND key = $key)';

const NOTHING: CounterRow = { stock: null, held: 0, ending: 0, ever: 0, first_end: null, over: 0 };

function leftOf(asked: CounterAsk, row: CounterRow): Left {
  const limit = asked.limit === 'stock' ? (row.stock ?? undefined) : asked.limit;
  const { ever, first_end } = row;
  const confirmed = row.ending + ever;
  const isFull = limit !== undefined && confirmed + row.held >= limit && ever < limit;
  return {
    key: asked.key,
    ...(limit !== undefined && { limit }),
    confirmed,
    held: row.held,
    ...(isFull && first_end !== null && { freesAt: first_end }),
  };
}

function hashed<Asked extends { readonly ref: string }>(asked: Asked): Asked {
  return { ...asked, ref: hashOf(asked.ref).toString('latin1') };
}
