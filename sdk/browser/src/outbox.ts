import { newId } from './new-id.js';
import { safely } from './safely.js';

/** Says events to the service, each until it was heard, and knows what may be kept of them. */
export type Outbox = readonly [
  say: (event: object) => void,
  /** Sends what waits; with `isLeaving` by a beacon, which outlives the page. */
  flush: (isLeaving?: boolean) => void,
  /** The anonymous id: for as long as the page where nothing may be kept. */
  id: () => string,
  /** Whether the id and what waits may be kept on the device, for the next page. A no takes away what is kept. */
  allow: (isGranted: boolean) => void,
];

/** The id, and what waits by its message id. */
type Kept = readonly [id: string, waiting: Record<string, string>];

/** What can't be said for long is let go of, the oldest first: no more than browsers let go out of a page that goes. */
const MOST_WAITING = 50;
const PAUSE_MS = 10_000;

/** Sends with `common` beside the events: the key, which no beacon could send in a header, and what holds for all. */
export function openOutbox(url: string, name: string, common: object): Outbox {
  let [own, waiting]: Kept = ['', {}];
  let mayKeep = false;
  let isBusy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const id = (): string => (own ||= newId());
  const keep = safely(() => mayKeep && (localStorage[name] = JSON.stringify([id(), waiting])));
  const flushIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  };
  const end = (heard: object, pauseMs: number): void => {
    isBusy = false;
    for (const messageId in heard) delete waiting[messageId];
    keep();
    flushIn(pauseMs);
  };
  const flush = (isLeaving?: boolean): void => {
    const batch = Object.values(waiting).map((message): unknown => JSON.parse(message));
    const heard = { ...waiting };
    const body = JSON.stringify({ ...common, sentAt: new Date(), batch });
    if (!batch[0] || !navigator.onLine) return;
    if (isLeaving) {
      if (navigator.sendBeacon?.(url, body)) end(heard, 0);
    } else if (!isBusy) {
      isBusy = true;
      // A text goes as text/plain, which needs no question beforehand; and it goes on where the page ends.
      fetch(url, { method: 'POST', body, keepalive: true }).then(
        ({ status }) => (status < 500 && status !== 429 ? end(heard, 0) : end({}, PAUSE_MS)),
        () => end({}, PAUSE_MS),
      );
    }
  };
  return [
    (event) => {
      const message = { messageId: newId(), timestamp: new Date(), ...event };
      waiting[message.messageId] = JSON.stringify(message);
      const ids = Object.keys(waiting);
      if (ids[MOST_WAITING]) delete waiting[ids[0] as string];
      keep();
      // What is said in one go is sent in one go.
      flushIn(0);
    },
    flush,
    id,
    (isGranted) => {
      // Who says no after a yes is nobody who was here before.
      if (mayKeep && !isGranted) own = '';
      mayKeep = isGranted;
      safely(() => {
        if (!isGranted) delete localStorage[name];
        // Where nothing is kept that can be read, nothing is.
        const [keptId, kept] = JSON.parse(localStorage[name] as string) as Kept;
        own = keptId;
        waiting = { ...kept, ...waiting };
      })();
      keep();
      flush();
    },
  ];
}
