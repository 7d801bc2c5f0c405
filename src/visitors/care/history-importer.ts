import { Inject, Injectable } from '@nestjs/common';
import type { GuardedIds } from '../../doors/guarded-ids.js';
import { retryLostRaces, type Attempt } from '../../stores/retry-lost-races.js';
import { VisitorStore } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import { historyEvents, type History } from '../memory/history.js';
import { emptyMemory, merge, type Retention } from '../memory/memory.js';
import { findPersonDocuments } from '../writing/person-documents.js';
import { RETENTION, VisitorsService } from '../visitors.service.js';

/** So many may wait that events which come in meanwhile find room. */
const EVENTS_AT_ONCE = 5_000;

/** Stores histories. One that is stored again changes nothing. */
@Injectable()
export class HistoryImporter {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly store: VisitorStore,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  /** Ids that are nobody's. */
  get guarded(): GuardedIds {
    return this.visitors.guarded;
  }

  /** Resolves when all are stored. */
  async import(histories: readonly History[]): Promise<void> {
    const now = Date.now();
    // Before the interactions, which may be let go at once and add to the counts.
    for (const history of histories)
      if (history.released || history.origin || history.joins) await this.restore(history);
    const clock = { now, nextArrival: () => this.visitors.nextArrival(now) };
    const events = histories.flatMap((history) => historyEvents(history, clock));
    for (let at = 0; at < events.length; at += EVENTS_AT_ONCE)
      await this.visitors.record(events.slice(at, at + EVENTS_AT_ONCE));
  }

  /** What of a memory no event can say. */
  private async restore({ visitorId, released, origin, joins }: History): Promise<void> {
    const restore = async (): Promise<Attempt<void>> => {
      const { homes, documents } = await findPersonDocuments(this.store, [visitorId]);
      const [home = visitorId] = homes;
      const read = documents.get(home);
      // The save fails then, and the next attempt finds nobody there.
      if (read && !read.says) await this.visitors.setAsideIfCorrupt(home);
      const before = read?.says?.kind === 'memory' ? read.says.memory : emptyMemory(home);
      const memory = merge(before, { ...emptyMemory(home), ...released, origin, joins }, Date.now(), this.retention);
      const [saved] = await this.store.save([
        { id: home, from: read?.stored.version, document: encode({ kind: 'memory', memory }) },
      ]);
      return saved ? { won: undefined } : 'lost';
    };
    await retryLostRaces(restore, { because: 'Other processes keep writing to the same visitors.' });
  }
}
