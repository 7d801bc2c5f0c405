import { type Draft, type DraftHead, type DraftLimits, draftsFrom, DraftStore, headOf } from '../draft-store.js';
import type { RedisConnection } from './redis-connection.js';

/** All in one hash slot: by id, the revision, a space and the head as JSON; by id, the files; ids by last change. */
const HEADS = 'usher:{drafts}:heads';
const FILES = 'usher:{drafts}:files';
const ORDER = 'usher:{drafts}:order';

/** Drafts in Redis. */
export class RedisDraftStore extends DraftStore {
  /** The connection is closed by whoever opened it. */
  constructor(
    private readonly connection: RedisConnection,
    private readonly limits: DraftLimits,
  ) {
    super();
  }

  async add(draft: Draft): Promise<boolean> {
    return this.put(draft, '', this.limits.keep);
  }

  async find(id: string): Promise<Draft | undefined> {
    const [head, files] = await this.connection.run((redis) =>
      Promise.all([redis.hget(HEADS, id), redis.hget(FILES, id)]),
    );
    if (head === null || files === null) return undefined;
    const draft = { ...headIn(head), files: JSON.parse(files) as Draft['files'] };
    return draft.changedAt >= draftsFrom(this.limits) ? draft : undefined;
  }

  async list(): Promise<DraftHead[]> {
    const ids = await this.connection.run((redis) => redis.zrevrangebyscore(ORDER, '+inf', draftsFrom(this.limits)));
    if (ids.length === 0) return [];
    const heads = await this.connection.run((redis) => redis.hmget(HEADS, ...ids));
    return heads.flatMap((head) => (head === null ? [] : [headIn(head)]));
  }

  async replace(next: Draft): Promise<boolean> {
    return this.put(next, String(next.revision - 1), 0);
  }

  async remove(id: string, revision: number): Promise<boolean> {
    const from = draftsFrom(this.limits);
    return (await this.connection.run((redis) => redis.dropDraft(HEADS, FILES, ORDER, from, id, revision))) === 1;
  }

  private async put(draft: Draft, revision: string, keep: number): Promise<boolean> {
    const { id, changedAt, files } = draft;
    const head = `${draft.revision} ${JSON.stringify(headOf(draft))}`;
    const values = [id, revision, keep, changedAt, head, JSON.stringify(files)] as const;
    const from = draftsFrom(this.limits);
    return (await this.connection.run((redis) => redis.putDraft(HEADS, FILES, ORDER, from, ...values))) === 1;
  }
}

function headIn(text: string): DraftHead {
  return JSON.parse(text.slice(text.indexOf(' ') + 1)) as DraftHead;
}
