import type { RedisConnection } from './redis-connection.js';
import { type PackedPiece, type PieceShelf, shelveRelease, summaryOf, unshelveRelease } from '../release-pieces.js';
import {
  NOTHING_LIVE,
  type Release,
  type ReleaseEvent,
  ReleaseStore,
  type ReleaseSummary,
  type Rollout,
} from '../release-store.js';
import { storeFailure } from '../store-failure.js';

/**
 * All in one hash slot: a list with the summary of version N at N - 1; by version, the names of its pieces; the pieces
 * by name.
 */
const SUMMARIES = 'usher:{releases}:summaries';
const CONTENTS = 'usher:{releases}:contents';
const PIECES = 'usher:{releases}:pieces';
const ROLLOUT = 'usher:{releases}:rollout';
/** A list, oldest first. */
const EVENTS = 'usher:{releases}:events';
const CHANGED = 'usher:{releases}:changed';
/** Redis does nothing else meanwhile. */
const AT_ONCE = 200;

/**
 * Releases in Redis. The pieces of a release are brought first, a few at a time; then one script has it be there, whole
 * and with its line of the log. Each change is announced by publish/subscribe.
 */
export class RedisReleaseStore extends ReleaseStore {
  private readonly shelf: PieceShelf;
  private readonly listeners = new Set<() => void>();

  /** The connection is closed by whoever opened it. */
  constructor(private readonly connection: RedisConnection) {
    super();
    this.shelf = new RedisPieceShelf(connection);
  }

  async add(release: Release, event: ReleaseEvent): Promise<boolean> {
    const { version } = release;
    if ((await this.connection.run((redis) => redis.llen(SUMMARIES))) !== version - 1) return false;
    const names = await shelveRelease(release, this.shelf);
    const summary = JSON.stringify(summaryOf(release));
    const done = await this.connection.run((redis) =>
      redis.addRelease(SUMMARIES, CONTENTS, PIECES, EVENTS, version, summary, JSON.stringify(event), CHANGED, ...names),
    );
    if (done === -1)
      throw storeFailure(
        'Redis lost a part of the release while it was being added, as in a failover; publish it again',
        undefined,
      );
    return this.announced(done === 1);
  }

  async release(version: number): Promise<Release | undefined> {
    const [summary, names] = await this.connection.run((redis) =>
      Promise.all([redis.lindex(SUMMARIES, version - 1), redis.hget(CONTENTS, String(version))]),
    );
    // Counted from the end, a version below 1 would find others.
    if (version < 1 || summary === null) return undefined;
    const release =
      names === null
        ? undefined
        : await unshelveRelease(JSON.parse(summary) as ReleaseSummary, names.split(' ').filter(Boolean), this.shelf);
    if (!release)
      throw storeFailure(
        `Redis lost a part of release ${version}; restore it from a backup, or publish anew`,
        undefined,
      );
    return release;
  }

  async list(limit: number, before = Infinity): Promise<ReleaseSummary[]> {
    const end = Math.min(before - 1, await this.connection.run((redis) => redis.llen(SUMMARIES)));
    const start = Math.max(0, end - limit);
    if (start >= end) return [];
    const texts = await this.connection.run((redis) => redis.lrange(SUMMARIES, start, end - 1));
    return texts.toReversed().map((text) => JSON.parse(text) as ReleaseSummary);
  }

  async rollout(): Promise<Rollout> {
    const text = await this.connection.run((redis) => redis.hget(ROLLOUT, 'rollout'));
    return text === null ? NOTHING_LIVE : { ...NOTHING_LIVE, ...(JSON.parse(text) as Rollout) };
  }

  async change(next: Rollout, event: ReleaseEvent): Promise<boolean> {
    const done = await this.connection.run((redis) =>
      redis.changeRollout(ROLLOUT, EVENTS, next.revision, JSON.stringify(next), JSON.stringify(event), CHANGED),
    );
    return this.announced(done === 1);
  }

  async note(event: ReleaseEvent): Promise<void> {
    await this.connection.run((redis) => redis.rpush(EVENTS, JSON.stringify(event)));
  }

  async events(limit: number, skip = 0): Promise<ReleaseEvent[]> {
    if (limit <= 0) return [];
    const texts = await this.connection.run((redis) => redis.lrange(EVENTS, -skip - limit, -skip - 1));
    return texts.toReversed().map((text) => JSON.parse(text) as ReleaseEvent);
  }

  async countShadow(version: number, counts: ReadonlyMap<string, number>): Promise<void> {
    const pairs = [...counts];
    for (let at = 0; at < pairs.length; at += AT_ONCE) {
      await this.connection.run((redis) =>
        redis.addCounts(shadowKey(version), ...pairs.slice(at, at + AT_ONCE).flat()),
      );
    }
  }

  async shadowCounts(version: number): Promise<ReadonlyMap<string, number>> {
    const counts = await this.connection.run((redis) => redis.hgetall(shadowKey(version)));
    return new Map(Object.entries(counts).map(([key, count]) => [key, Number(count)]));
  }

  subscribe(changed: () => void): () => void {
    const listener = () => changed();
    this.listeners.add(listener);
    const end = this.connection.subscribe(CHANGED, listener);
    return () => {
      this.listeners.delete(listener);
      end();
    };
  }

  /** Those who listen in this process hear of it even while the connection for it is away. */
  private announced(done: boolean): boolean {
    if (done) for (const listener of [...this.listeners]) listener();
    return done;
  }
}

class RedisPieceShelf implements PieceShelf {
  constructor(private readonly connection: RedisConnection) {}

  async missing(names: readonly string[]): Promise<string[]> {
    const there = await this.connection.run((redis) => Promise.all(names.map((name) => redis.hexists(PIECES, name))));
    return names.filter((_, index) => there[index] !== 1);
  }

  async put(pieces: readonly PackedPiece[]): Promise<void> {
    const pairs = pieces.flatMap(({ name, body }) => [
      name,
      Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    ]);
    await this.connection.run((redis) => redis.hset(PIECES, ...pairs));
  }

  async get(names: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const bodies = await this.connection.run((redis) => redis.hmgetBuffer(PIECES, ...names));
    return bodies.map((body) => body ?? undefined);
  }
}

function shadowKey(version: number): string {
  return `usher:{releases}:shadow:${version}`;
}
