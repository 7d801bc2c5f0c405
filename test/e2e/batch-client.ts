import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A batch of decisions under way: lines can be written while answers are read. */
export class BatchClient {
  private readonly request: ClientRequest;
  private readonly answer: Promise<IncomingMessage>;

  constructor(url: string) {
    this.request = request(`${url}/v1/decisions/batch`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    this.answer = once(this.request, 'response').then(([response]) => response as IncomingMessage);
    // Whoever waits for the answer hears of it; nobody may.
    this.answer.catch(() => undefined);
    this.request.on('error', () => undefined);
  }

  /** Resolves once there is room for more. */
  async write(text: string | Buffer): Promise<void> {
    if (!this.request.write(text)) await once(this.request, 'drain');
  }

  end(): void {
    this.request.end();
  }

  /** Leaves without a word. */
  abandon(): void {
    this.request.destroy();
  }

  /** The answers, as they come. */
  async *answers(): AsyncGenerator<BatchAnswer> {
    for await (const line of createInterface({ input: await this.answer })) yield JSON.parse(line) as BatchAnswer;
  }
}

/** One line of the answer: a decision, or what is wrong with the line in its place. */
export interface BatchAnswer {
  readonly visitorId?: string;
  readonly eventOutcomes?: readonly { readonly outcome: string }[];
  readonly served?: string;
  readonly decisions?: readonly unknown[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly line: number;
    readonly problems: readonly unknown[];
  };
}
