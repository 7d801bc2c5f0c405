import type { HeldOfPerson, PersonalRecords } from './personal-records.js';
import { WaitingRecords } from './waiting-records.js';

/** Everything that is held of people here, in one list. {@link PersonalRecords} says how to get onto it. */
export class PersonalRecordsList {
  private readonly list: PersonalRecords[];

  constructor(first: readonly PersonalRecords[] = []) {
    this.list = [...first];
  }

  /** To be called once for each kind, when its module begins. */
  register(records: PersonalRecords): void {
    this.list.push(records);
  }

  /** In the order in which they registered. */
  all(): readonly PersonalRecords[] {
    return this.list;
  }

  /** All that is held of these ids of a person, in parts as each kind of records tells them. */
  async *about(ids: readonly string[]): AsyncGenerator<Partial<HeldOfPerson>> {
    // One after the other: what some tell is large, and would keep the answers for others waiting.
    for (const records of this.list) yield* records.about(ids);
  }

  /**
   * Erases all of these ids: first what waits to be written, so that it does not come after its store was looked at.
   */
  async erase(ids: readonly string[]): Promise<void> {
    await Promise.all(this.list.filter(isWaiting).map((records) => records.erase(ids)));
    for (const records of this.list) if (!isWaiting(records)) await records.erase(ids);
  }
}

function isWaiting(records: PersonalRecords): boolean {
  return records instanceof WaitingRecords;
}
