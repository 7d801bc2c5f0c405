import type { ReleaseStore } from '../stores/release-store.js';

const PAGE = 200;

/** Who published a release, as the log has it; undefined where it says nothing of it. */
export async function findPublisher(store: ReleaseStore, version: number): Promise<string | undefined> {
  for (let skip = 0; ; skip += PAGE) {
    const events = await store.events(PAGE, skip);
    const found = events.find((event) => event.action === 'publish' && event.version === version);
    if (found) return found.who;
    if (events.length < PAGE) return undefined;
  }
}
