import { UsherError } from './usher-error.js';

/** What a client is made with. */
export interface UsherOptions {
  /** Where the service answers, such as `http://127.0.0.1:3000`; a path before its own is kept. */
  readonly url: string;
  /** A key of the scope `server`, where the service asks for keys. */
  readonly key?: string | undefined;
  /** So long a call may take that somebody waits for, retries included; 400 unless said. A call may say its own. */
  readonly deadlineMs?: number | undefined;
  /** The most connections at once, batches apart; 128 unless said. */
  readonly connections?: number | undefined;
  /** The queue of events. */
  readonly queue?: QueueOptions | undefined;
  /**
   * Hears of all that no call tells: of answers that a default stands for, and of events that were refused, not sent
   * or not counted, in `error.events`. Without it, the first of each code is a warning of the process.
   */
  readonly onError?: ((error: UsherError) => void) | undefined;
}

/** The queue in which events wait to be sent. */
export interface QueueOptions {
  /** The most events, those under way included; what comes beyond is not sent, and told. 10,000 unless said. */
  readonly events?: number | undefined;
  /** The most bytes of their JSON; 16 MiB unless said. */
  readonly bytes?: number | undefined;
  /** How long an event waits for others at the most; 250 unless said. */
  readonly waitMs?: number | undefined;
  /** How often a request is tried before its events are told as not sent; 10 unless said: half a minute to two. */
  readonly attempts?: number | undefined;
}

/** How long a call may take, and who may end it. */
export interface CallOptions {
  /** In milliseconds, retries included. */
  readonly deadlineMs?: number | undefined;
  /** Who aborts it gets its reason, be there a default or not. */
  readonly signal?: AbortSignal | undefined;
}

/** Options in order, nothing left out. */
export interface Settings {
  readonly base: URL;
  readonly key: string | undefined;
  readonly deadlineMs: number;
  readonly connections: number;
  readonly queue: { readonly [Name in keyof QueueOptions]-?: number };
  readonly onError: ((error: UsherError) => void) | undefined;
}

/** The longest time that a timer of Node keeps. */
const LONGEST_MS = 2 ** 31 - 1;

/** The options as they count. Throws `INVALID_OPTIONS`, which says of each that is wrong how to mend it. */
export function readOptions({ url, key, deadlineMs, connections, queue = {}, onError }: UsherOptions): Settings {
  return {
    base: readBase(url),
    key: readKey(key),
    deadlineMs: readNumber('deadlineMs', deadlineMs ?? 400, LONGEST_MS),
    connections: readNumber('connections', connections ?? 128, 65_535),
    queue: {
      events: readNumber('queue.events', queue.events ?? 10_000, 10_000_000),
      bytes: readNumber('queue.bytes', queue.bytes ?? 16 * 1024 * 1024, Number.MAX_SAFE_INTEGER),
      waitMs: readNumber('queue.waitMs', queue.waitMs ?? 250, LONGEST_MS),
      attempts: readNumber('queue.attempts', queue.attempts ?? 10, 1_000),
    },
    onError,
  };
}

/** A number of milliseconds, or of things; at least one. */
export function readNumber(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsherError('INVALID_OPTIONS', `${name} is ${String(value)}; give a whole number from 1 to ${most}.`);
}

function readBase(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined;
  if (!base || !/^https?:$/.test(base.protocol))
    throw new UsherError('INVALID_OPTIONS', 'url is no address of a service; it looks like http://127.0.0.1:3000.');
  if (base.username !== '' || base.password !== '')
    throw new UsherError('INVALID_OPTIONS', 'url has a user name or password in it; give the key as "key".');
  return base;
}

/** An environment variable that is empty says the same as none. */
function readKey(key: string | undefined): string | undefined {
  if (key === undefined || key === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UsherError('INVALID_OPTIONS', 'key has blanks or characters that no key has; copy it again, in one line.');
}
