import { type HeldOfPerson, PersonalRecords } from './personal-records.js';
import { type RecordedInputs, stateOf } from '../recorded-inputs.js';

const DAY_MS = 86_400_000;
/** The most states in an answer, and their bytes: who acts all day has more than fit. The latest ones stay. */
const MAX_STATES = 500;
const MAX_STATE_BYTES = 64 * 1024 * 1024;
const STATES_AT_ONCE = 20;

/** What decisions about people were made from, as far as it is recorded. */
export class PersonalInputs extends PersonalRecords {
  readonly places = {
    tables: [
      'recorded_blocks',
      'recorded_spans',
      'recorded_keys',
      'recorded_documents',
      'recorded_awaited',
      'old_recorded_inputs',
      'old_recorded_states',
    ],
    keys: ['usher:{recorded}:*'],
  };

  /** Kept for so many days; 0 keeps all ages. */
  constructor(
    private readonly record: RecordedInputs,
    private readonly keepDays: number,
  ) {
    super();
  }

  async *about(ids: readonly string[]): AsyncGenerator<Partial<Pick<HeldOfPerson, 'recorded' | 'recordedStates'>>> {
    const keys = new Set<string>();
    for await (const recorded of this.record.about(ids)) {
      for (const input of recorded) keys.add(stateOf(input) ?? '');
      yield { recorded };
    }
    keys.delete('');
    for await (const [key, state] of this.statesOf([...keys])) yield { recordedStates: { [key]: state } };
  }

  async erase(ids: readonly string[]): Promise<void> {
    await this.record.erase(ids);
  }

  async *forgetOld(now: () => number): AsyncGenerator<void> {
    if (this.keepDays === 0) return;
    const since = now() - this.keepDays * DAY_MS;
    while ((await this.record.forgetBefore(since)) > 0) yield;
  }

  /** Of these, the latest ones as far as they fit, oldest first, in base64 by key. */
  private async *statesOf(all: readonly string[]): AsyncGenerator<readonly [string, string]> {
    const latest = all.slice(-MAX_STATES);
    // How far back they fit is known once they were read; kept they would be 64 MiB.
    let [from, left] = [latest.length, MAX_STATE_BYTES];
    for await (const [, state] of this.read(latest.toReversed())) {
      left -= state?.length ?? 0;
      if (left <= 0) break;
      from--;
    }
    for await (const [key, state] of this.read(latest.slice(from)))
      if (state) yield [key, Buffer.from(state).toString('base64')];
  }

  private async *read(keys: readonly string[]): AsyncGenerator<readonly [string, Uint8Array | undefined]> {
    for (let at = 0; at < keys.length; at += STATES_AT_ONCE) {
      const some = keys.slice(at, at + STATES_AT_ONCE);
      const states = await this.record.states(some);
      for (const key of some) yield [key, states.get(key)];
    }
  }
}
