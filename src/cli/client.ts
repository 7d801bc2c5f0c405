import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed, type Problem, type UsherError } from '../errors.js';

/** What goes to a service, and how. */
export interface ClientOptions {
  readonly url: string;
  readonly key: string | undefined;
  /** How often a request that may be repeated is tried in all. */
  readonly attempts?: number;
  /** The pause before the second try; it doubles from there up to 10 seconds. */
  readonly firstPauseMs?: number;
}

/** One request. */
export interface Post {
  readonly path: string;
  readonly body: string;
  readonly type?: 'application/json' | 'application/x-ndjson';
  /** Whether sending it twice does no harm: then connection errors, 429 and 5xx are tried again. */
  readonly repeatable?: boolean;
  /** How long the service may take for it; 30 seconds where nothing is said. */
  readonly timeoutMs?: number;
}

const LONGEST_PAUSE_MS = 10_000;
const TIMEOUT_MS = 30_000;

/** Talks to a running service. Failures are `CommandFailed` in one or two lines that say what to do. */
export class Client {
  private readonly base: string;
  private reached = false;

  constructor(private readonly options: ClientOptions) {
    this.base = baseUrl(options.url);
  }

  /** Posts a body and gives the answer's JSON. */
  post(post: Post): Promise<unknown> {
    return this.repeat(post, parseJson);
  }

  /** Posts a body and gives the JSON of each line of the answer. */
  async postLines(post: Post): Promise<readonly unknown[]> {
    return (await this.repeat(post, parseLines)) as readonly unknown[];
  }

  private async repeat(post: Post, parse: Parse): Promise<unknown> {
    const attempts = post.repeatable ? (this.options.attempts ?? 8) : 1;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.try(post, parse);
      if ('answer' in outcome) return outcome.answer;
      if (!outcome.mayPass || attempt >= attempts) throw outcome.failure;
      await sleep(outcome.pauseMs ?? this.pauseMs(attempt));
    }
  }

  /**
   * The JSON at an address where there has to be some: where there is none, what the service says of it is the failure.
   */
  async get(path: string): Promise<unknown> {
    const response = await this.fetch(path, AbortSignal.timeout(TIMEOUT_MS));
    const text = await response.text().catch((error: unknown) => this.fail(this.unreachable(error)));
    const outcome = response.ok ? this.answered(text) : this.refused(response, text);
    return 'answer' in outcome ? outcome.answer : this.fail(outcome);
  }

  /** The answer of an address, piece by piece. What is lost on the way is a failure too, never an end. */
  async *read(path: string): AsyncGenerator<Buffer> {
    const idle = new AbortController();
    const response = await this.fetch(path, idle.signal);
    if (!response.ok) this.fail(this.refused(response, await response.text()));
    const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
    try {
      for (;;) {
        // Whoever takes the pieces may take their time; the service may not.
        const timer = setTimeout(() => idle.abort(new DOMException('', 'TimeoutError')), TIMEOUT_MS);
        const piece = await reader
          ?.read()
          .catch((error: unknown) => this.fail(this.unreachable(error)))
          .finally(() => clearTimeout(timer));
        if (!piece || piece.done) return;
        yield Buffer.from(piece.value.buffer, piece.value.byteOffset, piece.value.byteLength);
      }
    } finally {
      idle.abort();
    }
  }

  private async fetch(path: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(`${this.base}${path}`, { headers: this.headers(), signal }).catch((error: unknown) =>
      this.fail(this.unreachable(error)),
    );
    this.reached = true;
    return response;
  }

  private fail(outcome: Outcome): never {
    throw 'failure' in outcome ? outcome.failure : new CommandFailed('The answer was not expected.');
  }

  private async try(post: Post, parse: Parse): Promise<Outcome> {
    const { timeoutMs = TIMEOUT_MS } = post;
    try {
      const response = await fetch(`${this.base}${post.path}`, {
        method: 'POST',
        headers: this.headers(post.type ?? 'application/json'),
        body: post.body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      this.reached = true;
      return response.ok ? this.answered(text, parse) : this.refused(response, text);
    } catch (error) {
      return this.unreachable(error, timeoutMs);
    }
  }

  private headers(type?: string): Record<string, string> {
    const { key } = this.options;
    return {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(key === undefined ? {} : { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }),
    };
  }

  private answered(text: string, parse: Parse = parseJson): Outcome {
    const answer = parse(text);
    if (answer !== undefined) return { answer };
    return {
      mayPass: false,
      failure: new CommandFailed(`${this.base} did not answer in JSON. Is it Usher that runs there?`),
    };
  }

  private refused(response: Response, text: string): Outcome {
    const { status } = response;
    const failure = new CommandFailed(`${this.base} answered ${status}: ${explained(status, text)}`);
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const pauseMs = seconds >= 0 ? Math.min(seconds * 1000, LONGEST_PAUSE_MS) : undefined;
    return { mayPass: status === 429 || status >= 500, failure, pauseMs };
  }

  /** A service that never answered is most likely not running: waiting for it helps nobody. */
  private unreachable(error: unknown, timeoutMs = TIMEOUT_MS): Outcome {
    const start = this.reached
      ? 'It answered before.'
      : 'Start it with `usher start`, or say where it is with --url or USHER_URL.';
    const failure = new CommandFailed(
      `The service at ${this.base} can't be reached (${whyOf(error, timeoutMs)}).\n${start}`,
    );
    return { mayPass: this.reached, failure };
  }

  /** Doubles, with some chance in it, so that many senders don't come back at once. */
  private pauseMs(attempt: number): number {
    const pauseMs = Math.min((this.options.firstPauseMs ?? 250) * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    return pauseMs * (0.75 + Math.random() / 2);
  }
}

type Outcome =
  | { readonly answer: unknown }
  | { readonly mayPass: boolean; readonly failure: UsherError; readonly pauseMs?: number | undefined };

function baseUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.href.replace(/\/+$/, '');
  throw new CommandFailed(`"${url}" is not the address of a service. It looks like http://127.0.0.1:3000.`);
}

function explained(status: number, text: string): string {
  const answer = parseJson(text) as { message?: unknown; problems?: unknown } | null | undefined;
  const message = typeof answer?.message === 'string' ? answer.message : 'Is it Usher that runs there?';
  // An error with one cause repeats it as its only problem.
  const problems = (Array.isArray(answer?.problems) ? (answer.problems as Problem[]) : []).filter(
    (one) => one.message !== message,
  );
  const hint = status === 401 || status === 403 ? '\nGive the key with --key or USHER_KEY.' : '';
  return (
    [message, ...problems.map(({ path, message: why }) => `  ${[path, why].filter(Boolean).join(': ')}`)].join('\n') +
    hint
  );
}

/** Undefined where a text is not what it is to be. */
type Parse = (text: string) => unknown;

function parseLines(text: string): unknown {
  const lines = text.split('\n').filter((line) => line !== '');
  const parsed = lines.map(parseJson);
  return parsed.includes(undefined) ? undefined : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` fails with a TypeError, whose cause says what happened. */
interface FetchFailure {
  readonly name?: string;
  readonly cause?: { readonly code?: string; readonly message?: string };
}

function codeOf(error: unknown): string | undefined {
  return (error as FetchFailure).cause?.code;
}

function whyOf(error: unknown, timeoutMs: number): string {
  if ((error as FetchFailure).name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return codeOf(error) ?? (error as FetchFailure).cause?.message ?? String(error);
}
