import { type HeldOfPerson, PersonalRecords } from '../../stores/personal/personal-records.js';
import type { VisitorStore } from '../../stores/visitor-store.js';
import type { SearchEntries } from './search-entries.js';

/** What the index of the search holds of people: that hashes of their values lead to their ids. */
export class IndexRecords extends PersonalRecords {
  readonly places = { tables: ['search_keys'], keys: ['usher:{*}:found', 'usher:{search:*}'] };

  constructor(
    private readonly entries: SearchEntries,
    private readonly store: Pick<VisitorStore, 'load'>,
  ) {
    super();
  }

  async *about(): AsyncGenerator<Partial<HeldOfPerson>> {
    // The values themselves are in the memory, with which they are exported.
  }

  /** Documents go first; whoever begins anew under one of the ids keeps what leads to them. */
  async erase(ids: readonly string[]): Promise<void> {
    const keys = await this.entries.index.keysOf(ids);
    await this.entries.takeOut(ids.flatMap((id, at) => (keys[at] ?? []).map((key) => ({ id, key }))));
  }

  /** A walk through the index: what leads to nobody, as a process died in between, or is no policy's any more. */
  async *forgetOld(): AsyncGenerator<void> {
    for (let from: string | undefined; ;) {
      const { ids, next } = await this.entries.index.ids(from);
      await this.entries.settle(ids, await this.store.load(ids));
      if (next === undefined) return;
      from = next;
      yield;
    }
  }
}
