import { type HeldOfPerson, type PersonalPlaces, PersonalRecords } from './personal-records.js';

/** Drops what it holds in memory of these ids, and waits for what it is about to write of them. */
export type DropIds = (ids: ReadonlySet<string>) => Promise<void> | void;

/**
 * What a process holds of people in memory for a while, such as a queue before a store: register one for each field.
 * The export does not tell of it, as it is written, or of no more use, within moments; for the same reason none of it
 * grows old.
 */
export class WaitingRecords extends PersonalRecords {
  readonly places: PersonalPlaces;

  /** `field` as `Class.field`. */
  constructor(
    field: string,
    private readonly drop: DropIds,
  ) {
    super();
    this.places = { fields: [field] };
  }

  async *about(): AsyncGenerator<Partial<HeldOfPerson>> {
    // It is written, or of no more use, within moments.
  }

  async erase(ids: readonly string[]): Promise<void> {
    await this.drop(new Set(ids));
  }

  async *forgetOld(): AsyncGenerator<void> {
    // Nothing waits for that long.
  }
}
