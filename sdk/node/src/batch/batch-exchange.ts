import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BatchAnswer, pair, readLines } from './batch-answers.js';
import type { BatchLines } from './batch-lines.js';
import { parseJson, refusalIn } from '../calls.js';
import { faultOf } from '../connections.js';
import type { DecisionRequest } from '../service-types.js';
import { UsherError } from '../usher-error.js';

/** What is written at once. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Sends lines over one connection and gives their answers, until all have theirs. Nothing is read further than it is
 * taken. Throws where the connection ends before that, or the service does not want the batch.
 */
export async function* exchange<Request extends DecisionRequest>(
  lines: BatchLines<Request>,
  request: ClientRequest,
  silenceMs: number,
): AsyncGenerator<BatchAnswer<Request>> {
  const fault = faultOf(request);
  const silence = new Silence(lines, request, silenceMs);
  void write(lines, request);
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw await refusal(response);
    for await (const texts of readLines(response)) {
      silence.isWaiting = false;
      for (const text of texts) yield pair(text, lines);
      silence.isWaiting = true;
    }
    if (!lines.isAllAnswered)
      throw new UsherError('CONNECTION_LOST', 'The service ended its answer before every line had one.');
  } catch (error) {
    throw fault(error);
  } finally {
    silence.end();
    request.destroy();
  }
}

async function write<Request extends DecisionRequest>(
  lines: BatchLines<Request>,
  request: ClientRequest,
): Promise<void> {
  while (await lines.hasMore()) {
    // What comes at once goes out at once.
    await nextTurn();
    if (request.destroyed) return;
    if (!request.write(lines.take(CHUNK_BYTES))) await drained(request);
  }
  request.end();
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off('drain', done).off('close', done);
      resolve();
    };
    request.on('drain', done).on('close', done);
  });
}

async function refusal(response: IncomingMessage): Promise<UsherError> {
  const text = Buffer.concat(await response.toArray()).toString('utf8');
  const { statusCode: status = 0, headers } = response;
  return refusalIn({ status, retryAfter: headers['retry-after'] }, parseJson(text));
}

/** Ends a connection on which a line waits for its answer for too long, while somebody would take it. */
class Silence<Request extends DecisionRequest> {
  readonly #timer: NodeJS.Timeout;
  #since = performance.now();

  constructor(lines: BatchLines<Request>, request: ClientRequest, ms: number) {
    this.#timer = setInterval(
      () => {
        if (!lines.first || !lines.isFirstSent) return;
        if (performance.now() - Math.max(this.#since, lines.first.sentAt) < ms) return;
        request.destroy(new UsherError('TIMEOUT', `A line had no answer for ${ms} ms.`));
      },
      Math.ceil(ms / 4),
    );
  }

  set isWaiting(waits: boolean) {
    this.#since = waits ? performance.now() : Infinity;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
