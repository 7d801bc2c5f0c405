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
}

/**
 * Limits in total in a SQLite file, by the clock of the machine, which all processes that open it share. A power cut
 * may cost the latest grants, as it may cost all that was written.
 */
export class SqliteLimitStore extends LimitStore {
  private readonly select: Statement;

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
      of.map(({ offer, counters }) =>
        counters.map((asked) => {
          const row = this.select.get({ offer, key: asked.key, now });
          return leftOf(asked, row as unknown as CounterRow | undefined);
        }),
      ),
    );
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
  `SELECT stock, held - ${places(held, 'count(*)', '<=')} AS held, ` +
  `ending - ${places(ending, 'count(*)', '<=')} AS ending, ever, nullif(min(` +
  `ifnull(${places(held, 'min(instant)', '>')}, ${FAR}), ifnull(${places(ending, 'min(instant)', '>')}, ${FAR})), ` +
  `${FAR}) AS first_end FROM limit_counters WHERE offer = $offer AND key = $key`;

const NOTHING: CounterRow = { stock: null, held: 0, ending: 0, ever: 0, first_end: null };

function leftOf(asked: CounterAsk, row: CounterRow = NOTHING): Left {
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
