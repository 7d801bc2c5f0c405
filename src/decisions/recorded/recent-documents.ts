/** Part of the stream's format: so many bytes of documents are known at both ends. */
const RECENT_BYTES = 64 * 1024 * 1024;

/**
 * The latest documents that have come by in a stream of recorded inputs. Whoever writes and whoever reads keep one
 * each: as both let the same ones go, in the order they came, a document is sent again exactly when the reader needs it
 * again.
 */
export class RecentDocuments<T> {
  private readonly documents = new Map<string, { readonly kept: T; readonly bytes: number }>();
  private bytes = 0;

  constructor(private readonly most = RECENT_BYTES) {}

  get(key: string): T | undefined {
    return this.documents.get(key)?.kept;
  }

  /** To be called once for each line with a document, of so many bytes; the latest is kept however large it is. */
  add(key: string, kept: T, bytes: number): void {
    this.remove(key);
    for (const oldest of this.documents.keys()) {
      if (this.bytes + bytes <= this.most) break;
      this.remove(oldest);
    }
    this.documents.set(key, { kept, bytes });
    this.bytes += bytes;
  }

  private remove(key: string): void {
    this.bytes -= this.documents.get(key)?.bytes ?? 0;
    this.documents.delete(key);
  }
}
