import {
  type Confirmation,
  type CounterAsk,
  endOf,
  type Granted,
  type GrantAsk,
  hashOf,
  type Hold,
  type Left,
  type LeftAsk,
  LimitStore,
  type Release,
  type Stock,
  STOCK,
} from '../limit-store.js';
import type { RedisCommands, RedisConnection } from './redis-connection.js';
import { counterKeys, type CounterReply, type GrantReply } from '../redis-scripts/limit-scripts.js';
import type { ReplicaWait } from './replica-wait.js';

/** One for all who share the store. */
const SECRET = 'usher:{limits}:secret';

/**
 * Limits in total in Redis, by its clock. All keys of an offer are in one hash slot, and each ask is one script: what
 * is asked in one turn of the event loop leaves together, and nobody else's ask comes between what one sees and takes.
 */
export class RedisLimitStore extends LimitStore {
  /**
   * The connection is closed by whoever opened it. With `copies` a place is granted only when the replicas that it
   * waits for have it, and given back otherwise.
   */
  constructor(
    private readonly connection: RedisConnection,
    private readonly copies?: ReplicaWait,
  ) {
    super();
  }

  async grant(asks: readonly GrantAsk[]): Promise<Granted[]> {
    return this.each(asks, async (redis, ask) => {
      const { ref, counters } = ask;
      const given = counters.flatMap(({ key, limit, hold }) => [limit, holdText(key, hold)]);
      const granted = grantedOf(ask, await redis.grantLimit(...keysOf(ask), hashOf(ref), ...given));
      return granted.granted && this.copies ? this.onceCopied(this.copies, ask, granted) : granted;
    });
  }

  /** A place that was there before is not given back: somebody may have been told of it. */
  private async onceCopied(copies: ReplicaWait, ask: GrantAsk, granted: Granted): Promise<Granted> {
    const { offer, counters } = ask;
    const key = counters[0]?.key;
    if (key === undefined || (await copies.have(counterKeys(offer, key)[0] ?? ''))) return granted;
    if (!('known' in granted)) await this.release([ask], 'all');
    return { granted: false, key };
  }

  async confirm(of: readonly Confirmation[]): Promise<void> {
    await this.each(of, (redis, one) => {
      const ends = one.counters.map(({ key, until }) => endText(endOf(key, until)));
      return redis.confirmLimit(...keysOf(one), hashOf(one.ref), ...ends);
    });
  }

  async release(of: readonly Release[], how: 'held' | 'all' = 'held'): Promise<void> {
    await this.each(of, (redis, one) => redis.releaseLimit(...keysOf(one), hashOf(one.ref), how));
  }

  async left(of: readonly LeftAsk[]): Promise<Left[][]> {
    return this.each(of, async (redis, one) => {
      const replies = await redis.lookAtLimit(...keysOf(one));
      return one.counters.map((asked, at) => leftOf(asked, replies[at]));
    });
  }

  async setStock(stocks: readonly Stock[]): Promise<void> {
    await this.each(stocks, (redis, { offer, left }) => {
      const keys = counterKeys(offer, STOCK);
      return redis.tellStock(keys.length, ...keys, left);
    });
  }

  async secret(make: () => string): Promise<string> {
    return this.connection.run(async (redis) => {
      const there = await redis.get(SECRET);
      if (there !== null) return there;
      const own = make();
      return (await redis.set(SECRET, own, 'NX')) === null ? ((await redis.get(SECRET)) ?? own) : own;
    });
  }

  /** All of them at once, in their order. */
  private async each<Asked, Answer>(
    asked: readonly Asked[],
    send: (redis: RedisCommands, one: Asked) => Promise<Answer>,
  ): Promise<Answer[]> {
    if (asked.length === 0) return [];
    return this.connection.run((redis) => Promise.all(asked.map((one) => send(redis, one))));
  }
}

/** What a script is given first: how many keys there are, and those of each counter. */
function keysOf({ offer, counters }: { offer: string; counters: readonly { readonly key: string }[] }) {
  const keys = counters.flatMap(({ key }) => counterKeys(offer, key));
  return [keys.length, ...keys] as const;
}

function holdText(key: string, hold: Hold): string {
  return 'ms' in hold ? `+${hold.ms}` : endText(endOf(key, hold.confirmedUntil));
}

function endText(until: number): string {
  return until === Infinity ? 'inf' : String(until);
}

function grantedOf({ counters }: GrantAsk, [outcome, counter, freesAt]: GrantReply): Granted {
  if (outcome > 0) return outcome === 2 ? { granted: true, known: true } : { granted: true };
  return { granted: false, key: counters[counter - 1]?.key ?? '', ...(freesAt >= 0 && { freesAt }) };
}

function leftOf(asked: CounterAsk, reply: CounterReply = [0, 0, 0, -1, -1]): Left {
  const [confirmed, held, ever, stock, firstEnd] = reply;
  const limit = asked.limit !== 'stock' ? asked.limit : stock < 0 ? undefined : stock;
  const isFull = limit !== undefined && confirmed + held >= limit && ever < limit;
  return {
    key: asked.key,
    ...(limit !== undefined && { limit }),
    confirmed,
    held,
    ...(isFull && firstEnd >= 0 && { freesAt: firstEnd }),
  };
}
