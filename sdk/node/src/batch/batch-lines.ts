import { stampBrought } from '../events/brought-events.js';
import type { DecisionRequest } from '../service-types.js';

/** A line that is not answered yet. */
export interface Line<Request> {
  /** Counted from 1, over the whole batch. */
  readonly number: number;
  readonly request: Request;
  /** Its JSON, with the line break. */
  readonly text: string;
  /** When it went out last, on the clock of `performance.now()`. */
  sentAt: number;
}

/** So many lines, and of so many bytes, are asked before the first of them is answered. */
const MOST_LINES = 1_024;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The requests of a batch as lines: read from their source no further than there is room, and kept until they are
 * answered, so that they can be sent again on another connection.
 */
export class BatchLines<Request extends DecisionRequest> {
  readonly #source: AsyncIterator<Request> | Iterator<Request>;
  readonly #kept: Line<Request>[] = [];
  #bytes = 0;
  #read = 0;
  /** How many of the kept ones went out on the connection there is now. */
  #sent = 0;
  #state: 'new' | 'reading' | 'read' | 'left' = 'new';
  #failure: { readonly error: unknown } | undefined;
  #ring = (): void => undefined;
  #makeRoom = (): void => undefined;

  constructor(requests: AsyncIterable<Request> | Iterable<Request>) {
    this.#source = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  }

  /** The first line that is neither answered nor given up. */
  get first(): Line<Request> | undefined {
    return this.#kept[0];
  }

  /** Whether the first line was sent, and waits for its answer. */
  get isFirstSent(): boolean {
    return this.#sent > 0;
  }

  /** Whether every line there is has been answered. */
  get isAllAnswered(): boolean {
    return this.#state === 'read' && this.#kept.length === 0;
  }

  /** Why the source gave no more, where it failed. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Resolves to whether there is a line to be sent now; false when there will be none. */
  async hasMore(): Promise<boolean> {
    if (this.#state === 'new') void this.#readAll();
    while (this.#sent === this.#kept.length && this.#state === 'reading')
      await new Promise<void>((resolve) => (this.#ring = resolve));
    return this.#sent < this.#kept.length;
  }

  /** The text of lines that were not sent yet, up to so many bytes; from now on they are. */
  take(bytes: number): string {
    let text = '';
    const sentAt = performance.now();
    for (let line = this.#kept[this.#sent]; line && text.length < bytes; line = this.#kept[this.#sent]) {
      line.sentAt = sentAt;
      text += line.text;
      this.#sent++;
    }
    return text;
  }

  /** The first line is answered. */
  shift(): Line<Request> | undefined {
    const line = this.#kept.shift();
    if (!line) return undefined;
    this.#sent--;
    this.#bytes -= line.text.length;
    this.#makeRoom();
    return line;
  }

  /** All that is not answered goes out again. */
  sendAgain(): void {
    this.#sent = 0;
  }

  /** Nobody wants the rest. The source hears of it, and is not waited for: it may be stuck. */
  leave(): void {
    const mayHaveMore = this.#state === 'reading';
    this.#state = 'left';
    this.#makeRoom();
    this.#ring();
    if (mayHaveMore) void this.#endSource();
  }

  async #endSource(): Promise<void> {
    try {
      await this.#source.return?.();
    } catch {
      // Whoever left does not wait for what it has to say.
    }
  }

  async #readAll(): Promise<void> {
    this.#state = 'reading';
    try {
      while (this.#state === 'reading') {
        const next = await this.#source.next();
        if (next.done) break;
        this.#keep(next.value);
        while (this.#isFull && this.#state === 'reading')
          await new Promise<void>((resolve) => (this.#makeRoom = resolve));
      }
    } catch (error) {
      this.#failure = { error };
      void this.#endSource();
    }
    if (this.#state === 'reading') this.#state = 'read';
    this.#ring();
  }

  get #isFull(): boolean {
    return this.#kept.length >= MOST_LINES || this.#bytes >= MOST_BYTES;
  }

  #keep(request: Request): void {
    const text = `${JSON.stringify(stampBrought(request))}\n`;
    this.#kept.push({ number: ++this.#read, request, text, sentAt: 0 });
    this.#bytes += text.length;
    this.#ring();
  }
}
