import type { ReleaseEvent, ReleaseStore } from '../stores/release-store.js';

const PAGE = 200;

/** The latest line of the log that is wanted; undefined where there is none. */
export async function findEvent(
  store: ReleaseStore,
  isWanted: (event: ReleaseEvent) => boolean,
): Promise<ReleaseEvent | undefined> {
  for (let skip = 0; ; skip += PAGE) {
    const events = await store.events(PAGE, skip);
    const found = events.find(isWanted);
    if (found || events.length < PAGE) return found;
  }
}
