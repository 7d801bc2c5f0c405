import { type HeldOfPerson, PersonalRecords } from './personal-records.js';
import { type RecordedInput, type RecordedInputs, stateOf } from '../recorded-inputs.js';

const DAY_MS = 86_400_000;
/** The most states in an answer, and their bytes: who acts all day has more than fit. The latest ones stay. */
const MAX_STATES = 500;
const MAX_STATE_BYTES = 64 * 1024 * 1024;
const STATES_AT_ONCE = 20;

/** What decisions about people were made from, as far as it is recorded. */
export class PersonalInputs extends PersonalRecords {
  readonly places = { tables: ['recorded_inputs', 'recorded_states', 'recorded_bytes'], keys: ['usher:{recorded}:*'] };

  /** Kept for so many days; 0 keeps all ages. */
  constructor(
    private readonly record: RecordedInputs,
    private readonly keepDays: number,
  ) {
    super();
  }

  async about(ids: readonly string[]): Promise<Pick<HeldOfPerson, 'recorded' | 'recordedStates'>> {
    const recorded = await this.record.about(ids);
    return { recorded, recordedStates: await this.statesOf(recorded) };
  }

  async erase(ids: readonly string[]): Promise<void> {
    await this.record.erase(ids);
  }

  async *forgetOld(now: () => number): AsyncGenerator<void> {
    if (this.keepDays === 0) return;
    const since = now() - this.keepDays * DAY_MS;
    while ((await this.record.forgetBefore(since)) > 0) yield;
  }

  /** The latest as far as they fit, oldest first. */
  private async statesOf(recorded: readonly RecordedInput[]): Promise<Record<string, string>> {
    const keys = [...new Set(recorded.flatMap((input) => stateOf(input) ?? []))].slice(-MAX_STATES).reverse();
    const found: [string, string][] = [];
    for (let [at, left] = [0, MAX_STATE_BYTES]; at < keys.length && left > 0; at += STATES_AT_ONCE) {
      const some = keys.slice(at, at + STATES_AT_ONCE);
      const states = await this.record.states(some);
      for (const key of some) {
        const state = states.get(key);
        left -= state?.length ?? 0;
        if (state && left > 0) found.push([key, Buffer.from(state).toString('base64')]);
      }
    }
    return Object.fromEntries(found.reverse());
  }
}
