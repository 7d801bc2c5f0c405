import { setTimeout as sleep } from 'node:timers/promises';
import { badAnswer, type Connections, type Incoming, type Outgoing } from './connections.js';
import { Deadline } from './deadline.js';
import type { CallOptions } from './options.js';
import { pauseAfter, readRetryAfter } from './pauses.js';
import type { Problem } from './service-types.js';
import { UsherError } from './usher-error.js';

/** What is asked of the service, and how. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Made anew for each try. */
  readonly body?: () => string;
  /**
   * Whether doing it twice comes to the same as once. Else it is tried again only where it certainly was not done:
   * where nobody could be reached, or the service said that it did nothing.
   */
  readonly isRepeatable: boolean;
  /** How often it is tried in all. */
  readonly attempts: number;
  /** How long one try may take. */
  readonly attemptMs?: number;
}

/** What is certainly not done, whoever asked: too much at once, or not yet. */
const NOT_DONE = new Set([408, 425, 429, 503]);

/** Calls of the service: each with a deadline, and tried again where that is safe. */
export class Calls {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** The JSON that is answered. Rejects with an `UsherError`, or with the reason of the signal. */
  async make(call: Call, { deadlineMs, signal }: CallOptions): Promise<unknown> {
    const deadline = new Deadline(deadlineMs, signal);
    try {
      for (let tries = 1; ; tries++) {
        const tried = await this.#try(call, deadline);
        if ('answer' in tried) return tried.answer;
        const pauseMs = pauseAfter(tries, tried.fault.retryAfterMs);
        if (!tried.mayTryAgain || tries >= call.attempts || pauseMs >= deadline.leftMs) throw tried.fault;
        await pause(pauseMs, deadline);
      }
    } finally {
      deadline.end();
    }
  }

  async #try(call: Call, whole: Deadline): Promise<Tried> {
    whole.check();
    const { method, path, body } = call;
    const outgoing: Outgoing = { method, path, ...(body && { body: body() }) };
    const own = new Deadline(call.attemptMs, whole.signal);
    try {
      return judge(await this.#connections.send(outgoing, own.signal), call);
    } catch (error) {
      whole.check();
      if (!(error instanceof UsherError) || error.code === 'CLOSED') throw error;
      return { fault: error, mayTryAgain: call.isRepeatable || error.code === 'UNREACHABLE' };
    } finally {
      own.end();
    }
  }
}

type Tried = { readonly answer: unknown } | { readonly fault: UsherError; readonly mayTryAgain: boolean };

/** What an answer comes to. */
function judge({ status, retryAfter, text }: Incoming, { isRepeatable }: Call): Tried {
  const answer = parseJson(text);
  if (status >= 200 && status < 300)
    return answer === undefined
      ? { fault: badAnswer('is no JSON', { status }), mayTryAgain: isRepeatable }
      : { answer };
  const mayTryAgain = NOT_DONE.has(status) || (isRepeatable && status >= 500);
  return { fault: refusalIn({ status, retryAfter }, answer), mayTryAgain };
}

/** The error that the service answered with. */
export function refusalIn({ status, retryAfter }: Omit<Incoming, 'text'>, answer: unknown): UsherError {
  const { code, message, problems } = (answer ?? {}) as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly problems?: unknown;
  };
  const retryAfterMs = readRetryAfter(retryAfter);
  if (typeof code !== 'string' || typeof message !== 'string')
    return badAnswer(`has the status ${status}`, { status, retryAfterMs });
  const told = Array.isArray(problems) ? (problems as readonly Problem[]) : [];
  const list = told.filter((one) => one.message !== message).map(({ path, message: why }) => `  ${path}: ${why}`);
  return new UsherError(code, [message, ...list].join('\n'), { status, problems: told, retryAfterMs });
}

/** Undefined where a text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits, and throws as soon as there is no time left. */
export async function pause(ms: number, deadline: Deadline): Promise<void> {
  await sleep(ms, undefined, { signal: deadline.signal }).catch(() => deadline.check());
}
