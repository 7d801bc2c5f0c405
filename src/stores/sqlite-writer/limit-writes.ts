import {
  type Confirmation,
  endOf,
  type Granted,
  type GrantAsk,
  type Hold,
  REF_KEPT_DAYS,
  type Release,
  type Stock,
} from '../limit-store.js';
import type { SqliteFile } from './sqlite-file.js';

/** What a place is, as it lies in the file. `instant` is until when it counts; for ever: when it was confirmed. */
export const PLACE_KINDS = { held: 0, ending: 1, ever: 2 } as const;
const { held: HELD, ending: ENDING, ever: EVER } = PLACE_KINDS;

/** So many places go at once that count no longer, or whose names are forgotten. */
const AT_ONCE = 100;
const REF_KEPT_MS = REF_KEPT_DAYS * 86_400_000;

/** A counter. `held` and `ending` may still count places that are over; `ever` is complete. */
interface Counter {
  readonly id: number;
  readonly held: number;
  readonly ending: number;
  readonly ever: number;
  readonly stock: number | null;
  readonly told_at: number;
  /** The first instants at which a place of these kinds ends. */
  readonly first_held: number | null;
  readonly first_ending: number | null;
}

interface Place {
  readonly kind: number;
  readonly instant: number;
}

/** A counter that was looked at, and the place there that somebody asks about. */
interface Found {
  readonly counter: Counter;
  readonly place: Place | undefined;
}

/**
 * What is written of limits in total. Names of places are given as the bytes of their hashes, as Latin-1 text; `now` is
 * the clock of who asks, which is that of the machine.
 */
export function limitWrites(file: SqliteFile) {
  const places = new Places(file);
  const putSecret = file.prepare('INSERT INTO secrets (name, body) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
  const secret = file.prepare('SELECT body FROM secrets WHERE name = ?');
  return {
    /** As `LimitStore.grant`. */
    grantLimits: (asks: readonly GrantAsk[], now: number): Granted[] => asks.map((ask) => grant(places, ask, now)),
    /** As `LimitStore.confirm`. */
    confirmLimits: (of: readonly Confirmation[], now: number): void => {
      for (const { offer, ref, counters } of of) {
        for (const { key, until } of counters) {
          const found = places.find({ offer, key, ref, now });
          places.confirm(found, { ref, until: endOf(key, until), now });
        }
      }
    },
    /** As `LimitStore.release`. */
    releaseLimits: (of: readonly Release[], how: 'held' | 'all', now: number): void => {
      for (const { offer, ref, counters } of of) {
        for (const { key } of counters) places.release(places.find({ offer, key, ref, now }), ref, how);
      }
    },
    /** As `LimitStore.setStock`; `key` is that of the counter. */
    setStock: (stocks: readonly Stock[], key: string, now: number): void => {
      for (const { offer, left } of stocks) places.tell(places.counter(offer, key), left, now);
    },
    /** Removes some places that are over; 0 when none are left. */
    endPlaces: (offer: string, key: string, now: number): number => places.end(places.counter(offer, key), now),
    /** As `LimitStore.secret`. */
    keepSecret: (name: string, body: string): string => {
      putSecret.run(name, body);
      return String(secret.get(name)?.['body']);
    },
  };
}

function grant(places: Places, { offer, ref, counters }: GrantAsk, now: number): Granted {
  const asked = counters.map((one) => ({ ...one, found: places.find({ offer, ref, now, ...one }) }));
  const full = asked.find(({ found, limit }) => !found.place && taken(found.counter) >= limitOf(found.counter, limit));
  if (full) return refusal(full.key, full.found.counter, limitOf(full.found.counter, full.limit));
  for (const { key, hold, found } of asked) places.take(found, { key, ref, hold, now });
  return asked.every(({ found }) => found.place) ? { granted: true, known: true } : { granted: true };
}

function refusal(key: string, { ever, first_held, first_ending }: Counter, limit: number): Granted {
  const freesAt = Math.min(first_held ?? Infinity, first_ending ?? Infinity);
  return ever >= limit || freesAt === Infinity ? { granted: false, key } : { granted: false, key, freesAt };
}

function taken({ held, ending, ever }: Counter): number {
  return held + ending + ever;
}

function limitOf({ stock }: Counter, limit: number | 'stock'): number {
  return limit === 'stock' ? (stock ?? 0) : limit;
}

/** Counters and their places. */
class Places {
  private readonly statements;

  constructor(file: SqliteFile) {
    this.statements = statementsOn(file);
  }

  /** As it is; begins one where there is none. */
  counter(offer: string, key: string): Counter {
    const row = this.statements.select.get(offer, key);
    if (row) return row as unknown as Counter;
    this.statements.begin.run(offer, key);
    return this.counter(offer, key);
  }

  /** A counter without those places that are over, as far as they take any that are asked for; and a place of it. */
  find(asked: { offer: string; key: string; ref: string; now: number; limit?: number | 'stock' }): Found {
    const { offer, key, ref, now, limit = Infinity } = asked;
    const { place: select } = this.statements;
    let counter = this.counter(offer, key);
    while (hasEnded(counter, now)) {
      const gone = this.end(counter, now);
      counter = this.counter(offer, key);
      if (gone < AT_ONCE || taken(counter) < limitOf(counter, limit)) break;
    }
    const place = select.get(counter.id, bytesOf(ref)) as unknown as Place | undefined;
    if (!place || place.kind === EVER || place.instant > now) return { counter, place };
    this.remove(counter, place, ref);
    return { counter: this.counter(offer, key), place: undefined };
  }

  take({ counter, place }: Found, asked: { key: string; ref: string; hold: Hold; now: number }): void {
    const { key, ref, hold, now } = asked;
    if ('confirmedUntil' in hold) {
      this.confirm({ counter, place }, { ref, until: endOf(key, hold.confirmedUntil), now });
    } else if (!place) {
      this.put(counter, ref, { kind: HELD, instant: now + hold.ms });
    } else if (place.kind === HELD && place.instant < now + hold.ms) {
      this.statements.prolong.run(now + hold.ms, counter.id, bytesOf(ref));
    }
  }

  confirm({ counter, place }: Found, { ref, until, now }: { ref: string; until: number; now: number }): void {
    if (place && place.kind !== HELD) return;
    if (place) this.remove(counter, place, ref);
    if (until !== Infinity) return until > now ? this.put(counter, ref, { kind: ENDING, instant: until }) : undefined;
    this.put(counter, ref, { kind: EVER, instant: Math.max(now, counter.told_at + 1) });
    // They are counted all the same.
    this.statements.removeUpTo.run(counter.id, EVER, now - REF_KEPT_MS);
  }

  release({ counter, place }: Found, ref: string, how: 'held' | 'all'): void {
    if (place && (how === 'all' || place.kind === HELD)) this.remove(counter, place, ref);
  }

  /** What is confirmed at the instant of telling, or before it, counts no longer. */
  tell({ id }: Counter, left: number, now: number): void {
    const newest = Number(this.statements.newest.get(id, EVER)?.['instant'] ?? 0);
    this.statements.tell.run(left, Math.max(now, newest), id);
  }

  /** Removes some places that are over; how many of each kind at most. */
  end({ id }: Counter, now: number): number {
    const gone = [HELD, ENDING].map((kind) => {
      const changes = Number(this.statements.removeUpTo.run(id, kind, now).changes);
      if (changes > 0) this.count(id, kind, -changes);
      return changes;
    });
    return Math.max(...gone);
  }

  private put({ id }: Counter, ref: string, { kind, instant }: Place): void {
    this.statements.put.run(id, bytesOf(ref), kind, instant);
    this.count(id, kind, 1);
  }

  private remove({ id, told_at }: Counter, { kind, instant }: Place, ref: string): void {
    this.statements.remove.run(id, bytesOf(ref));
    if (kind !== EVER || instant > told_at) this.count(id, kind, -1);
  }

  private count(id: number, kind: number, more: number): void {
    this.statements.count.run(...[HELD, ENDING, EVER].map((one) => (one === kind ? more : 0)), id);
  }
}

function hasEnded({ first_held, first_ending }: Counter, now: number): boolean {
  return (first_held ?? Infinity) <= now || (first_ending ?? Infinity) <= now;
}

function bytesOf(ref: string): Buffer {
  return Buffer.from(ref, 'latin1');
}

function statementsOn(file: SqliteFile) {
  const first = (kind: number) =>
    `(SELECT min(instant) FROM limit_places WHERE counter = limit_counters.id AND kind = ${kind})`;
  return {
    select: file.prepare(
      `SELECT id, held, ending, ever, stock, told_at, ${first(HELD)} AS first_held, ${first(ENDING)} AS first_ending ` +
        'FROM limit_counters WHERE offer = ? AND key = ?',
    ),
    begin: file.prepare('INSERT INTO limit_counters (offer, key) VALUES (?, ?)'),
    count: file.prepare('UPDATE limit_counters SET held = held + ?, ending = ending + ?, ever = ever + ? WHERE id = ?'),
    tell: file.prepare('UPDATE limit_counters SET stock = ?, told_at = ?, ever = 0 WHERE id = ?'),
    place: file.prepare('SELECT kind, instant FROM limit_places WHERE counter = ? AND ref = ?'),
    newest: file.prepare('SELECT max(instant) AS instant FROM limit_places WHERE counter = ? AND kind = ?'),
    put: file.prepare('INSERT INTO limit_places (counter, ref, kind, instant) VALUES (?, ?, ?, ?)'),
    prolong: file.prepare('UPDATE limit_places SET instant = ? WHERE counter = ? AND ref = ?'),
    remove: file.prepare('DELETE FROM limit_places WHERE counter = ? AND ref = ?'),
    removeUpTo: file.prepare(
      'DELETE FROM limit_places WHERE (counter, ref) IN (SELECT counter, ref FROM limit_places ' +
        `WHERE counter = ? AND kind = ? AND instant <= ? LIMIT ${AT_ONCE})`,
    ),
  };
}

/** What is written of the figures of offers. */
export function figureWrites(file: SqliteFile) {
  const select = file.prepare('SELECT version FROM offer_figures');
  const put = file.prepare(
    'INSERT INTO offer_figures (one, version, body) VALUES (1, ?, ?) ' +
      'ON CONFLICT (one) DO UPDATE SET version = excluded.version, body = excluded.body',
  );
  return {
    /** False where another was quicker. */
    putOfferFigures: (version: number, body: string): boolean => {
      if (Number(select.get()?.['version'] ?? 0) !== version - 1) return false;
      put.run(version, body);
      return true;
    },
  };
}
