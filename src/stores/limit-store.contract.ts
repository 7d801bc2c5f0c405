import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GrantAsk, Left, LimitStore } from './limit-store.js';
import { type LimitCommand, LimitModel, limitCommands, tell } from './limit-model.contract.js';

/** What the suite runs against, over empty data. */
export interface LimitBackend {
  /** Another store over the same data, as another replica has it. */
  open(): Promise<LimitStore>;
  /** The clock of the store. */
  now(): number;
  /** Resolves when its clock has gone on by so many milliseconds at least. */
  pass(ms: number): Promise<void>;
  /** How often commands are made up. */
  readonly runs: number;
  tearDown(): Promise<void>;
}

const HOUR = 3_600_000;
const FOREVER = { confirmedUntil: Infinity };
const LONG = { ms: HOUR };
/** Until when a short hold lasts, and how long it takes to be over. */
const SHORT_MS = 5;

let offers = 0;
/** An offer that no other test knows. */
const newOffer = () => `offer ${(offers += 1)} {}%`;
const ask = (
  offer: string,
  ref: string | number,
  limit: GrantAsk['counters'][number]['limit'],
  hold = LONG as Hold,
) => ({
  offer,
  ref: String(ref),
  counters: [{ key: limit === 'stock' ? 'stock' : 'all', limit, hold }],
});
type Hold = GrantAsk['counters'][number]['hold'];

/** The suite that every {@link LimitStore} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeLimitStore(name: string, setUp: () => Promise<LimitBackend>): void {
  describe(name, () => {
    let backend: LimitBackend;
    let store: LimitStore;
    beforeAll(async () => {
      backend = await setUp();
      store = await backend.open();
    });
    afterAll(() => backend.tearDown());

    const all = async (offer: string, limit: number | 'stock' = 2): Promise<Left | undefined> =>
      (await store.left([{ offer, counters: [{ key: limit === 'stock' ? 'stock' : 'all', limit }] }]))[0]?.[0];

    test('a limit is granted so often and no more, and the same name is the same place', async () => {
      const offer = newOffer();
      const answers = [];
      for (const ref of [1, 2, 1, 3]) answers.push(...(await store.grant([ask(offer, ref, 2, FOREVER)])));
      expect(answers).toEqual([
        { granted: true },
        { granted: true },
        { granted: true, known: true },
        { granted: false, key: 'all' },
      ]);
      expect(await all(offer)).toEqual({ key: 'all', limit: 2, confirmed: 2, held: 0 });
      expect(await store.grant([])).toEqual([]);
    });

    test('many who ask at once, from two replicas, are granted exactly the limit', async () => {
      const [offer, other] = [newOffer(), await backend.open()];
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, ref) => (ref % 2 === 0 ? store : other).grant([ask(offer, ref, 50)])),
      );
      expect(answers.flat().filter(({ granted }) => granted)).toHaveLength(50);
      expect(await all(offer, 50)).toMatchObject({ held: 50 });
    });

    test('a place is granted in every counter or in none', async () => {
      const offer = newOffer();
      const both = (ref: string) => ({
        offer,
        ref,
        counters: [
          { key: 'wide', limit: 5, hold: LONG },
          { key: 'narrow', limit: 1, hold: FOREVER },
        ],
      });
      expect(await store.grant([both('a')])).toEqual([{ granted: true }]);
      expect(await store.grant([both('b')])).toEqual([{ granted: false, key: 'narrow' }]);
      const counters = both('a').counters;
      expect(await store.left([{ offer, counters }])).toEqual([
        [
          { key: 'wide', limit: 5, confirmed: 0, held: 1 },
          { key: 'narrow', limit: 1, confirmed: 1, held: 0 },
        ],
      ]);
    });

    test('a hold ends by itself, and tells those who are refused when', async () => {
      const offer = newOffer();
      const before = backend.now();
      await store.grant([ask(offer, 'long', 2), ask(offer, 'short', 2, { ms: 2_000 })]);
      const [refused] = await store.grant([ask(offer, 'late', 2)]);
      const freesAt = refused && 'freesAt' in refused ? refused.freesAt : undefined;
      expect(freesAt).toBeGreaterThanOrEqual(before + 2_000);
      expect(await all(offer)).toEqual({ key: 'all', limit: 2, confirmed: 0, held: 2, freesAt });
      await backend.pass(2_000);
      expect(await all(offer)).toEqual({ key: 'all', limit: 2, confirmed: 0, held: 1 });
      expect(await store.grant([ask(offer, 'late', 2)])).toEqual([{ granted: true }]);
    });

    test('what is confirmed counts until its instant', async () => {
      const offer = newOffer();
      const until = backend.now() + 2_000;
      await store.grant([ask(offer, 'a', 1, { confirmedUntil: until })]);
      expect(await store.grant([ask(offer, 'b', 1)])).toEqual([{ granted: false, key: 'all', freesAt: until }]);
      await backend.pass(2_000);
      expect(await store.grant([ask(offer, 'b', 1)])).toEqual([{ granted: true }]);
    });

    test('a confirmation counts once, whether the place is held, over or was never asked for', async () => {
      const offer = newOffer();
      await store.grant([ask(offer, 'held', 2), ask(offer, 'over', 2, { ms: SHORT_MS })]);
      await backend.pass(SHORT_MS);
      const confirmations = ['held', 'over', 'never', 'over'].map((ref) => ({
        offer,
        ref,
        counters: [{ key: 'all', until: Infinity }],
      }));
      for (let time = 0; time < 2; time += 1) await store.confirm(confirmations);
      expect(await all(offer)).toEqual({ key: 'all', limit: 2, confirmed: 3, held: 0 });
      await store.confirm([{ offer, ref: 'past', counters: [{ key: 'all', until: backend.now() - 1 }] }]);
      expect(await all(offer)).toMatchObject({ confirmed: 3 });
    });

    test('what is given back can be taken again; what is confirmed is given back only with all', async () => {
      const offer = newOffer();
      await store.grant([ask(offer, 'a', 2), ask(offer, 'b', 2, FOREVER)]);
      const release = ['a', 'b', 'c'].map((ref) => ({ offer, ref, counters: [{ key: 'all' }] }));
      await store.release(release);
      expect(await all(offer)).toMatchObject({ confirmed: 1, held: 0 });
      await store.release(release, 'all');
      expect(await all(offer)).toMatchObject({ confirmed: 0, held: 0 });
    });

    test('of the stock so many are granted as were told, and none where nothing was', async () => {
      const offer = newOffer();
      expect(await store.grant([ask(offer, 1, 'stock')])).toEqual([{ granted: false, key: 'stock' }]);
      expect(await all(offer, 'stock')).toEqual({ key: 'stock', confirmed: 0, held: 0 });
      await store.setStock([{ offer, left: 2 }]);
      await store.grant([ask(offer, 1, 'stock'), ask(offer, 2, 'stock', FOREVER)]);
      expect(await store.grant([ask(offer, 3, 'stock')])).toMatchObject([{ granted: false }]);
      await store.setStock([{ offer, left: 2 }]);
      expect(await all(offer, 'stock')).toEqual({ key: 'stock', limit: 2, confirmed: 0, held: 1 });
      // Told once more of what was sold before.
      await store.confirm([{ offer, ref: '2', counters: [{ key: 'stock', until: Infinity }] }]);
      expect(await store.grant([ask(offer, 3, 'stock', FOREVER)])).toEqual([{ granted: true }]);
      expect(await store.grant([ask(offer, 4, 'stock')])).toMatchObject([{ granted: false }]);
    });

    test('a secret is the first that was stored, for all', async () => {
      const other = await backend.open();
      const told = await Promise.all(['a', 'b', 'c'].map((own, at) => (at ? store : other).secret(() => own)));
      expect(new Set([...told, await store.secret(() => 'd')]).size).toBe(1);
      expect(['a', 'b', 'c']).toContain(told[0]);
    });

    test('whatever is asked in whatever order, it answers as the model does', async () => {
      await fc.assert(
        fc.asyncProperty(limitCommands(SHORT_MS), async (commands) => {
          const [offer, model] = [newOffer(), new LimitModel()];
          for (const command of commands) await answerAlike(command, offer, model);
        }),
        { numRuns: backend.runs, seed: 14 },
      );
    });

    async function answerAlike(command: LimitCommand, offer: string, model: LimitModel): Promise<void> {
      const asked = tell(store, command, offer, backend.now());
      // As of one that asked and died: it happens all the same, before what is asked later.
      const answer = command.isNeverHeard ? undefined : await asked;
      const expected = model.tell(command, backend.now());
      if (!command.isNeverHeard) expect(answer).toEqual(expected);
      const counters = model.counters();
      // What is asked later is answered later: then whatever is short has begun, and is over in a while.
      await store.left([{ offer, counters }]);
      // Who reads does not wait for a thread that writes: nobody hears of it, but by now it is done.
      await asked;
      await backend.pass(SHORT_MS);
      const [left = []] = await store.left([{ offer, counters }]);
      const now = backend.now();
      expect(left.map(({ confirmed, held, limit }) => ({ confirmed, held, limit }))).toEqual(model.left(now));
    }
  });
}
