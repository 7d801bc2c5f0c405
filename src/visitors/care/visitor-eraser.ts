import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Stores } from '../../stores/open-stores.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';
import { retryLostRaces, type Attempt } from '../../stores/retry-lost-races.js';
import { findPersonDocuments, type PersonDocuments } from '../writing/person-documents.js';

/** After this long, what other processes had in hand when a person was erased has been written. */
const SECOND_LOOK_MS = 100;

/**
 * Erases people: every document, and everything that is listed as held of them. What happens at the same moment is
 * either erased too or begins a new person. It may be asked for again at any time.
 */
@Injectable()
export class VisitorEraser {
  constructor(
    @Inject(Stores) private readonly stores: Pick<Stores, 'visitors' | 'housekeeping'>,
    private readonly records: PersonalRecordsList,
  ) {}

  /** Resolves when nothing is left of the person behind an id; there is little to do for a stranger. */
  async erase(id: string): Promise<void> {
    const erased = new Set<string>([id]);
    let left: readonly string[] = [id];
    const remove = async (): Promise<Attempt<void>> => {
      const person = await findPersonDocuments(this.stores.visitors, left);
      for (const one of person.ids) erased.add(one);
      // Before the documents, which are all that says which ids are theirs.
      await this.records.erase([...erased]);
      left = await this.removeDocuments(person);
      return left.length === 0 ? { won: undefined } : 'lost';
    };
    await retryLostRaces(remove, { because: 'Other processes keep writing to this visitor.' });
    await delay(SECOND_LOOK_MS);
    await this.records.erase([...erased]);
    await this.stores.housekeeping.scrub();
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
