import { nextVersion } from './next-version.js';
import type { RedisConnection } from './redis-connection.js';
import { asideKey, visitorKey } from './redis-visitor-keys.js';
import { type DocumentChange, type StoredDocument, VisitorStore } from './visitor-store.js';

/**
 * Visitors in Redis, each in one string: its version, a space, its document. What is saved survives the death of this
 * process; whether it survives the death of Redis is for its persistence and replication to say.
 */
export class RedisVisitorStore extends VisitorStore {
  /** Closing the store closes the connection. */
  constructor(private readonly connection: RedisConnection) {
    super();
  }

  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    const values = await this.connection.run((redis) => Promise.all(ids.map((id) => redis.getBuffer(visitorKey(id)))));
    return values.map((value) => (value === null ? undefined : parse(value)));
  }

  /** When it rejects, some of the changes may have been stored. */
  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    const replies = await this.connection.run((redis) =>
      Promise.all(
        changes.map(({ id, from = '', document }) => redis.compareAndSet(visitorKey(id), from, ...(document ? [valueOf(document)] : []))),
      ),
    );
    return replies.map((reply) => reply === 1);
  }

  async setAside(id: string, { version }: StoredDocument): Promise<boolean> {
    return (await this.connection.run((redis) => redis.setAside(visitorKey(id), asideKey(id), version))) === 1;
  }

  async ping(): Promise<void> {
    await this.connection.run((redis) => redis.ping());
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

function valueOf(document: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${nextVersion()} `), document]);
}

function parse(value: Buffer): StoredDocument {
  const end = value.indexOf(' ');
  return { version: value.toString('latin1', 0, end), document: value.subarray(end + 1) };
}
