import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordedInput, RecordedInputs, RecordedLimits, VisitorState } from './recorded-inputs.js';
import { allOf } from '../../test/in-parts.js';

/**
 * What the suite runs against: `open` gives a store over data of its own each time, `reopen` one over the data of the
 * last.
 */
export interface RecordedBackend {
  open(limits: RecordedLimits): Promise<RecordedInputs>;
  reopen(limits: RecordedLimits): Promise<RecordedInputs>;
  tearDown(): Promise<void>;
}

const MANY: RecordedLimits = { keep: 10_000, keepDays: 0 };
const DAY = 86_400_000;

/** The suite that every {@link RecordedInputs} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeRecordedInputs(name: string, setUp: () => Promise<RecordedBackend>): void {
  describe(name, () => {
    let backend: RecordedBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    test('a store that nothing was recorded in is empty', async () => {
      const recorded = await backend.open(MANY);
      expect(await recorded.page(0, 10)).toEqual({ inputs: [], next: undefined });
      expect([
        await recorded.states(['s']),
        await allOf(recorded.about(['u'])),
        await recorded.erase(['u']),
        await recorded.forgetBefore(1e15),
      ]).toEqual([new Map(), [], 0, 0]);
      expect([await recorded.states([]), await allOf(recorded.about([])), await recorded.erase([])]).toEqual([
        new Map(),
        [],
        0,
      ]);
      await recorded.append([], []);
    });

    test('what is appended is read back as it was, oldest first, whatever kind of visitor it was', async () => {
      const recorded = await backend.open(MANY);
      const all = [
        input(1),
        input(2, { visitor: { kind: 'stranger' } }),
        input(3, { visitor: { kind: 'unread' } }),
        input(4),
      ];
      await recorded.append([all[2], all[0]].filter(isThere), [state(1)]);
      await recorded.append([all[3], all[1]].filter(isThere), [state(4)]);
      expect(await recorded.page(0, 10)).toEqual({ inputs: all, next: undefined });
      expect(texts(await recorded.states(['state 4', 'nothing', 'state 1']))).toEqual({
        'state 1': text(1),
        'state 4': text(4),
      });
    });

    test('pages follow each other without a gap, though many decisions were made in the same instant', async () => {
      const recorded = await backend.open(MANY);
      await recorded.append(
        numbers(0, 500).map((n) => input(n, { decidedAt: 1_000 + Math.floor(n / 100) })),
        [],
      );
      const seen: string[] = [];
      for (let next: string | undefined = '', pages = 0; next !== undefined; pages += 1) {
        const page = await recorded.page(1_001, 70, next === '' ? undefined : next);
        expect([page.inputs.length, pages < 6]).toEqual([pages < 5 ? 70 : 50, true]);
        seen.push(...page.inputs.map(({ decisionId }) => decisionId));
        next = page.next;
      }
      expect(seen).toEqual(numbers(100, 500).map((n) => `decision-${n}`));
      expect((await recorded.page(1_004, 100)).next).toBeUndefined();
      expect([await recorded.page(1_005, 10), await recorded.page(0, 0)]).toEqual([
        { inputs: [], next: undefined },
        { inputs: [], next: undefined },
      ]);
    });

    test('a page goes on where the last ended, though that one is gone', async () => {
      const recorded = await backend.open(MANY);
      await recorded.append(
        [1, 2, 3].map((n) => input(n)),
        [],
      );
      const { next } = await recorded.page(0, 1);
      await recorded.erase([input(1).visitorId, input(2).visitorId]);
      expect((await recorded.page(0, 1, next)).inputs).toEqual([input(3)]);
    });

    test('a state that many inputs share is kept once, and goes with the last of them', async () => {
      const recorded = await backend.open(MANY);
      const share = (n: number) => input(n, { visitor: { ...stored, state: 'state 1' } });
      await recorded.append([share(1), share(2)], [state(1)]);
      await recorded.append([share(3)], [{ ...state(1), document: Buffer.from('written again') }]);
      await recorded.append(numbers(4, 300).map(share), []);
      expect(texts(await recorded.states(['state 1']))).toEqual({ 'state 1': text(1) });
      await forgetAll(recorded, 299);
      expect((await recorded.states(['state 1'])).size).toBe(1);
      await forgetAll(recorded, 300);
      expect((await recorded.states(['state 1'])).size).toBe(0);
    });

    test('no more bytes are kept than there may be: the oldest go, with their states', async () => {
      const recorded = await backend.open({ ...MANY, keepBytes: 100_000 });
      const large = (n: number) => ({ ...state(n), document: Buffer.alloc(20_000, n) });
      for (const n of numbers(0, 12)) await recorded.append([input(n)], [large(n)]);
      const left = async () => (await recorded.page(0, 100)).inputs.map(({ decidedAt }) => decidedAt);
      expect((await left()).length).toBeLessThan(5);
      expect((await left()).at(-1)).toBe(input(11).decidedAt);
      expect([...(await recorded.states(['state 0', 'state 11'])).keys()]).toEqual(['state 11']);
      for (const n of numbers(20, 40)) await recorded.append([input(n)], []);
      const before = (await left()).length;
      await recorded.erase([input(11).visitorId]);
      await recorded.append([input(50)], []);
      expect((await left()).length).toBe(before);
    });

    test('a state that no input needs is not kept, and one may come after its input', async () => {
      const recorded = await backend.open(MANY);
      await recorded.append([], [state(1)]);
      expect((await recorded.states(['state 1'])).size).toBe(0);
      await recorded.append([input(1)], []);
      await recorded.append([input(2)], [state(1), state(3)]);
      expect([...(await recorded.states(['state 1', 'state 2', 'state 3'])).keys()]).toEqual(['state 1']);
    });

    test('the oldest beyond the limit are forgotten, with their states', async () => {
      const recorded = await backend.open({ keep: 100, keepDays: 0 });
      for (let start = 0; start < 1_000; start += 250)
        await recorded.append(
          numbers(start, start + 250).map((n) => input(n)),
          numbers(start, start + 250).map(state),
        );
      expect((await recorded.page(0, 1_000)).inputs.map(({ decidedAt }) => decidedAt)).toEqual(numbers(900, 1_000));
      expect([...(await recorded.states(numbers(0, 1_000).map((n) => `state ${n}`))).keys()]).toEqual(
        numbers(900, 1_000).map((n) => `state ${n}`),
      );
      expect(await allOf(recorded.about([input(5).visitorId, 'home of 5']))).toEqual([]);
    });

    test('a limit of zero keeps nothing', async () => {
      const recorded = await backend.open({ keep: 0, keepDays: 0 });
      await recorded.append([input(1)], [state(1)]);
      expect([(await recorded.page(0, 10)).inputs, (await recorded.states(['state 1'])).size]).toEqual([[], 0]);
    });

    test('those that are too old are not shown', async () => {
      const recorded = await backend.open(MANY);
      const days = [1, 5, 9].map((day) => input(day, { decidedAt: day * DAY }));
      await recorded.append(days, []);
      const week = await backend.reopen({ keep: 10, keepDays: 7, now: () => 10 * DAY });
      expect((await week.page(0, 10)).inputs).toEqual(days.slice(1));
      const { next } = await recorded.page(0, 1);
      expect((await week.page(0, 10, next)).inputs).toEqual(days.slice(1));
    });

    test('finds what was recorded of a person, oldest first, by the id asked for or of their document', async () => {
      const recorded = await backend.open(MANY);
      const theirs = [
        input(150, { visitorId: 'device' }),
        input(450, { visitorId: 'u-9', visitor: { kind: 'unread' } }),
        input(300, { visitorId: 'tablet', visitor: { ...stored, state: 'u-9 then' } }),
      ];
      await recorded.append(
        [...numbers(0, 100).map((n) => input(n)), ...theirs, ...numbers(500, 600).map((n) => input(n))],
        [{ ...state(1), key: 'u-9 then', id: 'u-9' }],
      );
      expect(
        (await allOf(recorded.about(['u-9', 'device', 'u-9', 'nobody']))).map(({ decidedAt }) => decidedAt),
      ).toEqual([150, 300, 450]);
    });

    test('erases what was recorded of a person, whatever their ids look like, and leaves the others', async () => {
      const recorded = await backend.open(MANY);
      const odd = ['"', '\\', '"0', '","x":"', 'a%b_c.*', '🐈', '\0', '\n', 'visitor ', '\ud800'];
      const asked = odd.map((id, n) => input(n, { visitorId: id }));
      const kept = odd.map((id, n) =>
        input(100 + n, { visitorId: `tab ${n}`, visitor: { ...stored, state: `odd\n"${id}` } }),
      );
      const others = numbers(200, 210).map((n) => input(n));
      await recorded.append(
        [...asked, ...others, ...kept],
        [...odd.map((id, n) => ({ ...state(n), key: `odd\n"${id}`, id })), ...numbers(0, 210).map(state)],
      );
      expect((await recorded.states(odd.map((id) => `odd\n"${id}`))).size).toBe(odd.length);
      expect(await recorded.erase(['nobody', 'a%', 'visitor', 'home of 20'])).toBe(0);
      expect(await recorded.erase([...odd, ...odd])).toBe(2 * odd.length);
      expect((await recorded.page(0, 1_000)).inputs).toEqual(others);
      expect([
        ...(
          await recorded.states([...odd.map((id) => `odd\n"${id}`), ...numbers(0, 210).map((n) => `state ${n}`)])
        ).keys(),
      ]).toEqual(numbers(200, 210).map((n) => `state ${n}`));
      expect(await allOf(recorded.about(odd))).toEqual([]);
      await recorded.append(asked, []);
      expect((await allOf(recorded.about(odd))).length).toBe(odd.length);
    });

    test('erases a person of whom very much was recorded', async () => {
      const recorded = await backend.open(MANY);
      await recorded.append(
        numbers(0, 1_500).map((n) => input(n, { visitorId: n % 3 === 0 ? 'other' : 'busy' })),
        numbers(0, 1_500).map(state),
      );
      expect(await recorded.erase(['busy'])).toBe(1_000);
      expect((await recorded.page(0, 2_000)).inputs).toHaveLength(500);
      expect((await recorded.states(numbers(0, 1_500).map((n) => `state ${n}`))).size).toBe(500);
    });

    test('forgets what was decided before an instant, some at a time, until none is left', async () => {
      const recorded = await backend.open(MANY);
      await recorded.append(
        numbers(0, 1_500).map((n) => input(n)),
        numbers(0, 1_500).map(state),
      );
      expect(await forgetAll(recorded, 1_200)).toBe(1_200);
      expect((await recorded.page(0, 2_000)).inputs.map(({ decidedAt }) => decidedAt)).toEqual(numbers(1_200, 1_500));
      expect((await recorded.states(numbers(0, 1_500).map((n) => `state ${n}`))).size).toBe(300);
    });

    test('of batches appended at once all arrive, with their states', async () => {
      const recorded = await backend.open(MANY);
      await Promise.all(
        [0, 200, 400].map((start) =>
          recorded.append(
            numbers(start, start + 200).map((n) => input(n)),
            numbers(start, start + 200).map(state),
          ),
        ),
      );
      expect((await recorded.page(0, 1_000)).inputs.map(({ decidedAt }) => decidedAt)).toEqual(numbers(0, 600));
      expect((await recorded.states(numbers(0, 600).map((n) => `state ${n}`))).size).toBe(600);
    });
  });
}

const stored = { kind: 'stored', state: '', seenAt: 999, keepInteractions: 500, keepDays: 90 } as const;

/** A recorded input that can be told from others by its number, with the state of the same number. */
export function input(number: number, more: Partial<RecordedInput> = {}): RecordedInput {
  return {
    decisionId: `decision-${number}`,
    decidedAt: number,
    rulebook: { version: 3, digest: 'sha256:abc' },
    visitorId: `visitor ${number}`,
    request: {
      visitorId: `visitor ${number}`,
      placements: [{ id: 'home.hero' }],
      channel: 'web',
      context: { note: 'Zoë 🐈\nsays "hi"' },
    } as unknown as RecordedInput['request'],
    visitor: { ...stored, state: `state ${number}` },
    served: 'full',
    answer: 'jZae727K08KaOmKSgOaGzww_XVqGr_PKEgIMkjrcbJI',
    ...more,
  };
}

/** The state that {@link input} needs. */
export function state(number: number): VisitorState {
  return { key: `state ${number}`, id: `home of ${number}`, document: Buffer.from(text(number)) };
}

function text(number: number): string {
  return `document\n\0\n${number} 🐈`;
}

function texts(states: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...states].map(([key, document]) => [key, Buffer.from(document).toString()]));
}

function isThere<T>(one: T | undefined): one is T {
  return one !== undefined;
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}

async function forgetAll(recorded: RecordedInputs, instant: number): Promise<number> {
  let gone = 0;
  for (let now = await recorded.forgetBefore(instant); now > 0; now = await recorded.forgetBefore(instant)) gone += now;
  return gone;
}
