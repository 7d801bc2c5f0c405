import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Settings } from './options.js';
import { type ErrorDetails, UsherError } from './usher-error.js';

/** A request as it goes out. */
export interface Outgoing {
  readonly method: 'GET' | 'POST';
  /** From the service's root on, such as `/v1/decisions`. */
  readonly path: string;
  readonly body?: string;
}

/** An answer as it came in. */
export interface Incoming {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** An answer larger than that is none of Usher's. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Connections to one service, kept alive. What goes wrong on the way is an `UsherError`: `UNREACHABLE` where nothing
 * can have arrived, `CONNECTION_LOST` where it may have.
 */
export class Connections {
  readonly #settings: Settings;
  readonly #agent: http.Agent;
  readonly #underWay = new Set<http.ClientRequest>();
  #isClosed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    const kept = { keepAlive: true, maxSockets: settings.connections, scheduling: 'lifo' as const };
    this.#agent = this.#isSecure ? new https.Agent(kept) : new http.Agent(kept);
  }

  /** Sends a request and reads the whole answer, whatever its status is. */
  async send({ method, path, body }: Outgoing, signal: AbortSignal): Promise<Incoming> {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = this.#request(method, path, {
      agent: this.#agent,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...length },
    });
    const abort = (): void => void request.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort);
    const fault = faultOf(request, signal);
    try {
      request.end(body);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      return await readAnswer(response);
    } catch (error) {
      throw fault(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** A request on a connection of its own, whose body is written bit by bit, as NDJSON. */
  stream(path: string): http.ClientRequest {
    return this.#request('POST', path, { agent: false, headers: { 'content-type': 'application/x-ndjson' } });
  }

  /** Ends what is under way, and takes nothing more on. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#underWay) request.destroy(closed());
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#settings.base.protocol === 'https:';
  }

  #request(method: string, path: string, options: http.RequestOptions): http.ClientRequest {
    if (this.#isClosed) throw closed();
    const { base, key } = this.#settings;
    const headers = {
      'user-agent': 'usher-node',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(options.headers as http.OutgoingHttpHeaders),
    };
    const at = { host: base.hostname.replace(/^\[|\]$/g, ''), port: base.port };
    const place = { ...at, method, path: `${base.pathname.replace(/\/+$/, '')}${path}` };
    const request = (this.#isSecure ? https : http).request({ ...options, ...place, headers });
    this.#underWay.add(request);
    // Whoever waits for its answer hears of it; what comes after that concerns nobody.
    request.on('error', () => undefined);
    return request.once('close', () => this.#underWay.delete(request));
  }
}

/** Why a batch, a call or an event does not go out any more. */
export function closed(): UsherError {
  return new UsherError('CLOSED', 'This client is closed. Make another, or close it later.');
}

async function readAnswer(response: http.IncomingMessage): Promise<Incoming> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    if ((size += piece.length) > MOST_ANSWER_BYTES) throw badAnswer(`is larger than ${MOST_ANSWER_BYTES} bytes`);
  }
  const text = Buffer.concat(pieces).toString('utf8');
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text };
}

/** What came is nothing that the service answers. */
export function badAnswer(why: string, details: ErrorDetails = {}): UsherError {
  const message = `The answer ${why}. Is it Usher that answers at the url given, and nothing in between?`;
  return new UsherError('BAD_ANSWER', message, details);
}

/** Watches a request, and tells of what goes wrong with it whether it may have arrived. */
export function faultOf(request: http.ClientRequest, signal?: AbortSignal): (error: unknown) => unknown {
  let mayHaveArrived = false;
  request.once('socket', (socket: Socket) => {
    if (!socket.connecting) mayHaveArrived = true;
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => (mayHaveArrived = true));
  });
  return (error) => {
    if (signal?.aborted) return signal.reason as unknown;
    const why = error instanceof UsherError ? undefined : (error as { readonly code?: unknown }).code;
    // Only what Node says of connections has a code.
    if (typeof why !== 'string') return error;
    return mayHaveArrived
      ? new UsherError('CONNECTION_LOST', `The connection to the service was lost (${why}).`, { cause: error })
      : new UsherError('UNREACHABLE', `The service can't be reached (${why}). Is it up, and the url right?`, {
          cause: error,
        });
  };
}
