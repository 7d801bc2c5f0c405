import { setImmediate as nextTurn } from 'node:timers/promises';

/** An event that was refused, as it lies in the list. */
export interface RejectedEvent {
  /** Its place in the list, from {@link rejectedEventId}. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** What sent it, where that is known, such as `analytics-node/3.1.0`. */
  readonly library: string | undefined;
  /** Where it comes from, where nothing in it tells; absent for the server. */
  readonly channel?: 'web' | 'server';
  /** All that was wrong with it. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** The event as it came in, as JSON; only its beginning where it is {@link cut}. */
  readonly text: string;
  /** It was too large to be kept whole. */
  readonly cut: boolean;
  /** The ids of people that it names. */
  readonly about: readonly string[];
}

/** How many refused events are kept, and for how long. */
export interface RejectedLimits {
  /** 0 keeps none. */
  readonly keep: number;
  /** Counted back from now; 0 keeps all ages. */
  readonly keepDays: number;
  /** Milliseconds since the epoch; the clock where it is absent. */
  readonly now?: () => number;
}

/**
 * The list of events that were refused, in the order of their ids. What is over a limit is forgotten at the next
 * append; what is too old is not shown before.
 */
export abstract class RejectedEvents {
  /** Adds events; one whose id is there takes its place. With none it only forgets what is over the limits. */
  abstract append(events: readonly RejectedEvent[]): Promise<void>;

  /** The newest, newest first; older than the one with the id `before`, which need not be there any more. */
  abstract page(limit: number, before?: string): Promise<RejectedEvent[]>;

  /** Those of the ids that are in the list, in the order of `ids`. */
  abstract find(ids: readonly string[]): Promise<RejectedEvent[]>;

  /** Forgets events; how many were there. */
  abstract remove(ids: readonly string[]): Promise<number>;

  /** Forgets every event that names one of these ids of a person, be it anywhere; how many there were. */
  abstract eraseAbout(ids: readonly string[]): Promise<number>;
}

/**
 * An id that sorts by time as a text does: microseconds since the epoch, and 8 hexadecimal digits that tell processes
 * apart.
 */
export function rejectedEventId(micros: number, salt: string): string {
  return `${String(micros).padStart(16, '0')}-${salt}`;
}

/** No event that is kept has an id before this. */
export function firstKept({ keepDays, now = Date.now }: RejectedLimits): string {
  return keepDays === 0 ? '' : rejectedEventId(Math.max(0, now() - keepDays * 86_400_000) * 1_000, '');
}

/**
 * Tells whether an event names one of these ids, as one of a person or as any text in it. Each event is gone through
 * once, however many ids there are.
 */
export function aboutAny(ids: readonly string[]): (event: Pick<RejectedEvent, 'about' | 'text'>) => boolean {
  const wanted = new Set(ids);
  const written = new Set(ids.map((id) => JSON.stringify(id)));
  return ({ about, text }) => about.some((id) => wanted.has(id)) || hasText(text, written);
}

/** Of JSON, or of its beginning: each text in it with its quotes, names too. */
const TEXT = /"[^"\\]*(?:\\[^][^"\\]*)*"/g;

function hasText(json: string, written: ReadonlySet<string>): boolean {
  for (const [text] of json.matchAll(TEXT)) if (written.has(text)) return true;
  return false;
}

/** Forgets, page by page, what is about a person: erasing is rare, and the list holds few enough. */
export async function eraseEach(list: RejectedEvents, ids: readonly string[]): Promise<number> {
  const isAbout = aboutAny(ids);
  let erased = 0;
  for await (const page of pagesOf(list)) {
    const gone = page.filter(isAbout).map(({ id }) => id);
    if (gone.length > 0) erased += await list.remove(gone);
  }
  return erased;
}

/** An event has up to 32 KiB: so many are read and gone through in a few milliseconds. */
const PAGE_SIZE = 25;

/** The whole list, newest first, page by page; what was seen may be removed meanwhile. */
export async function* pagesOf(list: Pick<RejectedEvents, 'page'>, size = PAGE_SIZE): AsyncGenerator<RejectedEvent[]> {
  let page = await list.page(size);
  while (page.length > 0) {
    yield page;
    // SQLite is read in the same turn of the event loop: others are served in between.
    await nextTurn();
    page = await list.page(size, page.at(-1)?.id);
  }
}
