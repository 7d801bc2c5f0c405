import type { RedisConnection } from './redis-connection.js';

/** How many replicas are waited for, and how long. */
export interface ReplicaWaitOptions {
  readonly replicas: number;
  readonly timeoutMs: number;
}

/** Of a node: what is waited for now, and what will be as soon as that is over. */
interface Waiting {
  readonly now: Promise<number>;
  next: Promise<number> | undefined;
}

/**
 * Waits until replicas have what a connection has written. Redis answers nothing else on that connection meanwhile, so
 * it is to be one apart; and whoever comes while somebody waits shares the wait that follows, so that a replica that is
 * away holds up nobody for longer than twice the time.
 */
export class ReplicaWait {
  private readonly waiting = new Map<string, Waiting>();

  /** The connection is closed by whoever opened it. */
  constructor(
    private readonly connection: RedisConnection,
    private readonly options: ReplicaWaitOptions,
  ) {}

  /** Whether enough replicas have all that was answered for before, on the node of this key. */
  async have(key: string): Promise<boolean> {
    return (await this.count(this.connection.nodeOf(key) ?? '', key)) >= this.options.replicas;
  }

  private count(node: string, key: string): Promise<number> {
    const before = this.waiting.get(node);
    // What is under way was sent before the last answer came, and may not speak of it.
    if (before) return (before.next ??= before.now.catch(() => 0).then(() => this.begin(node, key)));
    return this.begin(node, key);
  }

  private begin(node: string, key: string): Promise<number> {
    const now = this.ask(key);
    const waiting: Waiting = { now, next: undefined };
    this.waiting.set(node, waiting);
    const end = () => void (this.waiting.get(node) === waiting && !waiting.next && this.waiting.delete(node));
    now.then(end, end);
    return now;
  }

  /** A key leads to its node of a Cluster; `WAIT` alone would go to any. */
  private ask(key: string): Promise<number> {
    const { replicas, timeoutMs } = this.options;
    return this.connection.run(async (redis) => {
      const replies = (await redis.pipeline().exists(key).wait(replicas, timeoutMs).exec()) ?? [];
      for (const [error] of replies) if (error) throw error;
      return Number(replies[1]?.[1] ?? 0);
    });
  }
}
