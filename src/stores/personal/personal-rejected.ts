import { type HeldOfPerson, PersonalRecords } from './personal-records.js';
import { aboutAny, pagesOf, type RejectedEvents } from '../rejected-events.js';

/** Refused events that name people. */
export class PersonalRejected extends PersonalRecords {
  readonly places = { tables: ['rejected'], keys: ['usher:{rejected}:*'] };

  constructor(private readonly list: RejectedEvents) {
    super();
  }

  async *about(ids: readonly string[]): AsyncGenerator<Pick<HeldOfPerson, 'rejected'>> {
    const isAbout = aboutAny(ids);
    for await (const page of pagesOf(this.list)) yield { rejected: page.filter(isAbout) };
  }

  async erase(ids: readonly string[]): Promise<void> {
    await this.list.eraseAbout(ids);
  }

  /** In one step: the list knows its own limits. */
  async *forgetOld(): AsyncGenerator<void> {
    await this.list.append([]);
    yield;
  }
}
