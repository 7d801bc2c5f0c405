import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { idsOf } from '../documents/codec.js';
import { newId } from '../writing/new-id.js';
import type { Erasure } from '../../stores/erasures.js';
import { Stores } from '../../stores/open-stores.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';
import { retryLostRaces, type Attempt } from '../../stores/retry-lost-races.js';
import { VisitorsService } from '../visitors.service.js';
import type { Memory } from '../memory/memory.js';
import { findPersonDocuments, type PersonDocuments } from '../writing/person-documents.js';
import { eraseNotes, memoriesIn } from './erase-notes.js';

/** After this long, what other processes had in hand when a person was erased has been written. */
const SECOND_LOOK_MS = 100;
/** Each takes two round trips, and whoever writes to the same person all the time needs as many for each event. */
const MOST_ATTEMPTS = 1_000;

/**
 * Erases people: every document, and everything that is listed as held of them. The documents go first, and with them
 * whom the ids lead to: what happens from then on begins a new person, and nothing of it is waited for. What is left to
 * be erased under the ids is noted before that, so that it is gone on with after a crash. It may be asked for again at
 * any time.
 */
@Injectable()
export class VisitorEraser implements OnApplicationBootstrap {
  private readonly logger = new Logger('Erasure');

  constructor(
    @Inject(Stores) private readonly stores: Pick<Stores, 'visitors' | 'housekeeping' | 'erasures'>,
    private readonly records: PersonalRecordsList,
    private readonly visitors: VisitorsService,
  ) {
    visitors.askWhoIsErased((id) => this.isErased(id));
  }

  private async isErased(id: string): Promise<boolean> {
    const erasures = await this.stores.erasures.unfinished();
    return erasures.some(({ ids, isForgotten }) => !isForgotten && ids.includes(id));
  }

  /** Goes on with what a crash has broken off, while the service is at work already. */
  onApplicationBootstrap(): void {
    void this.goOn().catch((error: unknown) =>
      this.logger.warn(`What was to be erased is not yet, and waits for the next start or request: ${String(error)}`),
    );
  }

  /** Erases everybody whose erasure has not come to its end. */
  async goOn(): Promise<void> {
    for (const erasure of await this.stores.erasures.unfinished()) await this.finish([erasure]);
  }

  /** Resolves when nothing is left of the person behind an id; there is little to do for a stranger. */
  async erase(id: string): Promise<void> {
    const begun = (await this.stores.erasures.unfinished()).filter(({ ids }) => ids.includes(id));
    await this.finish([...begun, { key: newId(), ids: [id], isForgotten: false }]);
  }

  private async finish(erasures: readonly Erasure[]): Promise<void> {
    const ids = new Set<string>();
    for (const erasure of erasures)
      for (const one of erasure.isForgotten ? erasure.ids : await this.forget(erasure)) ids.add(one);
    await this.records.erase([...ids]);
    await delay(SECOND_LOOK_MS);
    await this.records.erase([...ids]);
    await this.stores.erasures.end(erasures.map(({ key }) => key));
    await this.stores.housekeeping.scrub();
  }

  /** Removes the documents of those whom the ids lead to; gives all ids of theirs, which are noted. */
  private async forget({ key, ids: named }: Erasure): Promise<readonly string[]> {
    const ids = new Set(named);
    let left: readonly string[] = named;
    const remove = async (): Promise<Attempt<void>> => {
      const person = await this.find(left, ids);
      for (const one of person.ids) ids.add(one);
      await this.stores.erasures.note({ key, ids: [...ids], isForgotten: false });
      // Before the documents: they say who has a note of them.
      if (!(await eraseNotes(this.stores.visitors, person, ids))) return 'lost';
      left = await this.removeDocuments(person);
      return left.length === 0 ? { won: undefined } : 'lost';
    };
    await retryLostRaces(remove, {
      because: 'Other processes keep writing to this visitor.',
      attempts: MOST_ATTEMPTS,
      atOnce: MOST_ATTEMPTS,
    });
    await this.stores.erasures.note({ key, ids: [...ids], isForgotten: true });
    return [...ids];
  }

  /**
   * Everything of those whom ids lead to. Whoever is being parted is two people already, but one where all of their ids
   * were noted before that: then, and where they have been parted since, both are erased.
   */
  private async find(from: readonly string[], noted: ReadonlySet<string>, isLast = false): Promise<PersonDocuments> {
    const person = await findPersonDocuments(this.stores.visitors, from);
    const memories = memoriesIn(person.documents);
    const unfinished = memories.flatMap((memory) => partingsOf(memory, noted, isLast));
    const finished = await Promise.all(unfinished.map((id) => this.visitors.finishParting(id)));
    if (finished.some(Boolean)) return this.find(from, noted, true);
    const left = memories.flatMap((memory) =>
      memory.parting ? allIds(memory) : (memory.parted ?? []).map(({ id }) => id),
    );
    const theirs = left.filter((id) => noted.has(id) && !person.ids.includes(id));
    return theirs.length > 0 ? findPersonDocuments(this.stores.visitors, [...from, ...theirs]) : person;
  }

  /**
   * The memory last: while it is there as it was read, nobody has joined anything to it, and afterwards nothing is left
   * to be joined. Gives the ids whose documents another process has changed meanwhile.
   */
  private async removeDocuments({ homes, documents }: PersonDocuments): Promise<string[]> {
    const ordered = [...documents].sort(([a], [b]) => Number(homes.has(a)) - Number(homes.has(b)));
    const saved = await this.stores.visitors.save(
      ordered.map(([id, { stored }]) => ({ id, from: stored.version, document: undefined })),
    );
    return ordered.flatMap(([id], index) => (saved[index] === true ? [] : [id]));
  }
}

/** Whose parting is to end first: or what a memory that is left behind has of whoever is erased would come back. */
function partingsOf(memory: Memory, noted: ReadonlySet<string>, isLast: boolean): readonly string[] {
  const areNoted = allIds(memory).every((id) => noted.has(id));
  const left = isLast ? [] : (memory.parted ?? []).filter(({ id }) => id === memory.id).map((note) => note.from);
  return [...(memory.parting && !areNoted ? [memory.id] : []), ...left];
}

function allIds({ id, userIds, anonymousIds }: Memory): readonly string[] {
  return idsOf(id, userIds, anonymousIds);
}
