import { Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { createHash } from 'node:crypto';
import { CorruptDocument } from '../../errors.js';
import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { decode, type VisitorDocument } from '../documents/codec.js';

/** The most of them remembered as seen; beyond that the oldest may be logged once more. */
const MAX_SEEN = 1_000;

/**
 * Documents that can't be read: each is logged once and set aside, where somebody may look at it, and its person is a
 * stranger from then on. A broken document must break nothing else.
 */
export class CorruptDocuments {
  private readonly logger = new Logger('Visitors');
  private readonly counter = metrics.getMeter('usher').createCounter('usher_documents_corrupt', {
    description: 'Visitor documents that could not be read and were set aside',
  });
  /** By version and digest: who is erased is not named here. */
  private readonly seen = new Set<string>();

  constructor(private readonly store: VisitorStore) {}

  /** What the document says; undefined once it is out of the way. For those who are about to write. */
  async decodeOrSetAside(id: string, stored: StoredDocument): Promise<VisitorDocument | undefined> {
    try {
      return decode(stored.document);
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
      this.log(id, stored, error.message);
      await this.store.setAside(id, stored);
      return undefined;
    }
  }

  /**
   * What `read` makes of a document; undefined where it can't, and the document is set aside while nobody waits for
   * that.
   */
  readOrSetAside<T>(id: string, stored: StoredDocument, read: (document: Uint8Array) => T): T | undefined {
    try {
      return read(stored.document);
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
      // A store that fails now is tried by whoever comes next.
      if (this.log(id, stored, error.message))
        this.store.setAside(id, stored).catch(() => this.seen.delete(keyOf(id, stored)));
      return undefined;
    }
  }

  /**
   * Ids may be e-mail addresses: the log has a digest, which `printf %s ID | sha256sum` gives too. False when
   * it was logged before.
   */
  private log(id: string, stored: StoredDocument, why: string): boolean {
    const key = keyOf(id, stored);
    if (this.seen.has(key)) return false;
    if (this.seen.size >= MAX_SEEN) this.seen.delete(this.seen.values().next().value ?? '');
    this.seen.add(key);
    this.counter.add(1);
    this.logger.error(
      `${why} It was set aside, and its person begins anew. The SHA-256 of its id begins with ${digestOf(id)}.`,
    );
    return true;
  }
}

function keyOf(id: string, { version }: StoredDocument): string {
  return `${version} ${digestOf(id)}`;
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}
