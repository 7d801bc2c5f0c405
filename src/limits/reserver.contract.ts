import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/until.js';
import type { PlacementDecision } from '../engine/answer.js';
import { decide } from '../engine/decide.js';
import type { DecideInput } from '../engine/decision-run.js';
import { shelf } from '../engine/limits/limits.contract.js';
import { StoreUnavailable } from '../errors.js';
import type { LimitStore } from '../stores/limit-store.js';
import type { VisitorStore } from '../stores/visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { Reserver, type Attempt } from './reserver.js';
import type { Reserving } from './reserving.js';

/** The stores that places are taken in. */
export interface PlaceStores {
  readonly visitors: VisitorStore;
  readonly limits: LimitStore;
}

/** Stores with nothing in them. */
export interface OpenedStores extends PlaceStores {
  close(): Promise<void>;
}

type Made = { readonly decisions: readonly PlacementDecision[] };
/** How somebody waits for a store. */
export type Within = Reserving['within'];

const RETENTION = { keepInteractions: 500, keepDays: 0 };
const SKEW_MS = 5_000;
const ALL = { event: 'shown', per: 'total', hold: '30m' } as const;
const EACH = { event: 'shown', hold: '30m' } as const;
let decisions = 0;

/** A process of its own on stores; `ahead` is how much its clock is. Gives the offers that it answers with. */
export function aProcess({ visitors: documents, limits: counters }: PlaceStores, rulebook = both(), ahead = 0) {
  const visitors = new VisitorsService(documents, RETENTION);
  const reserver = new Reserver(visitors, counters);
  return async (visitorId: string, decisionId = `d-${++decisions}`, within: Within = patiently): Promise<string[]> => {
    const now = Date.now() + ahead;
    const visitor = await visitors.view(visitorId);
    const input: DecideInput = {
      request: { placements: [{ id: 'hero' }], context: {} },
      ...{ visitor: visitor.view, rulebook, now, decisionId },
    };
    const limits = reserver.known(now);
    const known = { ...input, ...(limits && { limits }) };
    const make = (by: DecideInput): Made => ({ decisions: decide(by) });
    const first: Attempt<Made> = { input: known, visitor, made: make(known) };
    const { made } = await reserver.settle(first, {
      ...{ visitorId, decisionId, now, decide: make, within },
      view: (read) => visitors.view(visitorId, undefined, read),
    });
    return made.decisions.flatMap(({ items }) => items.map(({ offer }) => offer));
  };
}

/** As decisions wait, but as long as it takes: a busy machine makes no answer late. What fails is not waited for. */
export async function patiently<T>(ask: () => Promise<T>) {
  return ask().then(
    (value) => ({ kind: 'done', value }) as const,
    () => ({ kind: 'failed' }) as const,
  );
}

/** How many places of the offer `a` are held in total. */
export async function heldOf({ limits }: PlaceStores): Promise<number | undefined> {
  const [[left] = []] = await limits.left([{ offer: 'a', counters: [{ key: 'shown ever', limit: 1 }] }]);
  return left?.held;
}

/** What is remembered of a person and the offer `a`. */
export async function contactsOf({ visitors }: PlaceStores, id: string): Promise<string[]> {
  const { view } = await new VisitorsService(visitors, RETENTION).view(id);
  return view
    .contacts()
    .of('a')
    .map(({ event }) => event);
}

/** The offer `a` with these caps, and `b` that has none. */
export const twoOffers = (...caps: readonly object[]) => shelf({ offers: { a: { caps: caps as never }, b: {} } });

/** The offer `a` once for each person and once in all, held so long; and `b` without limits. */
export const both = (hold = '30m') => twoOffers({ ...ALL, limit: 1, hold }, { ...EACH, limit: 1, hold });

/** A store of which one method can be held up, or fail before or after it does what it is to do. */
function faulty<T extends object, Name extends keyof T>(store: T, name: Name) {
  const faults = { before: () => Promise.resolve(), after: () => Promise.resolve() };
  const method = store[name] as (asked: unknown) => Promise<unknown>;
  const instead = async (asked: unknown) => {
    await faults.before();
    const answer = await method.call(store, asked);
    await faults.after();
    return answer;
  };
  return { faults, store: Object.assign(Object.create(store) as T, { [name]: instead }) };
}

const away = () => Promise.reject(new StoreUnavailable('away'));
const well = () => Promise.resolve();

/** What has to hold of answers and their places on every store, whatever becomes of it meanwhile. */
export function describeReserver(name: string, open: () => Promise<OpenedStores>): void {
  let opened: OpenedStores;
  let stores: PlaceStores;
  let counters: ReturnType<typeof faulty>['faults'];
  let documents: ReturnType<typeof faulty>['faults'];
  beforeEach(async () => {
    Logger.overrideLogger(false);
    opened = await open();
    const [limits, visitors] = [faulty(opened.limits, 'grant'), faulty(opened.visitors, 'save')];
    stores = { limits: limits.store, visitors: visitors.store };
    [counters, documents] = [limits.faults, visitors.faults];
  });
  afterEach(() => opened.close());
  const process = (rulebook = both(), ahead = 0) => aProcess(stores, rulebook, ahead);
  const held = () => heldOf(opened);
  const isReleased = (id: string) =>
    until('the contact to be released', async () => (await contactsOf(opened, id)).includes('released'));

  describe(`${name}: an answer`, () => {
    test('takes its places, of the person and in total, before it goes out', async () => {
      const ask = process();
      expect(await ask('u')).toEqual(['a']);
      expect([await held(), await contactsOf(opened, 'u')]).toEqual([1, ['decided']]);
      expect(await ask('v')).toEqual(['b']);
    });

    test('leaves out what the counters can’t tell in time, and what they granted too late goes back', async () => {
      const ask = process(twoOffers({ ...ALL, limit: 1 }));
      const [{ promise: asked, resolve: isAsked }, { promise: later, resolve: release }] = [gate(), gate()];
      counters.before = () => (isAsked(), later);
      const late = asked.then(() => ({ kind: 'late' }) as const);
      expect(await ask('u', undefined, async (of) => Promise.race([patiently(of), late]))).toEqual(['b']);
      counters.before = well;
      release();
      await isReleased('u');
      await until('the late place to be given back', async () => (await held()) === 0);
      expect(await ask('v')).toEqual(['a']);
    });

    test('leaves out what documents can’t tell in time, and what they granted too late goes back', async () => {
      const ask = process();
      const [{ promise: asked, resolve: isAsked }, { promise: later, resolve: release }] = [gate(), gate()];
      documents.before = () => (isAsked(), later);
      const late = asked.then(() => ({ kind: 'late' }) as const);
      expect(await ask('u', undefined, async (of) => Promise.race([patiently(of), late]))).toEqual(['b']);
      documents.before = well;
      release();
      await isReleased('u');
      await until('the place in total to be given back', async () => (await held()) === 0);
      expect(await ask('u')).toEqual(['a']);
    });

    test('leaves out what is limited while the counters are away, and the person’s place goes back', async () => {
      const ask = process();
      counters.before = away;
      expect(await ask('u')).toEqual(['b']);
      counters.before = well;
      await isReleased('u');
      expect(await ask('u')).toEqual(['a']);
    });

    test('leaves out what is limited while documents can’t be written, and the counter’s place goes back', async () => {
      const ask = process();
      documents.before = away;
      expect(await ask('u')).toEqual(['b']);
      await until('the place to be given back', async () => (await held()) === 0);
      documents.before = well;
      expect(await ask('u')).toEqual(['a']);
    });

    test('leaves out what a counter granted and its word was lost; it comes back when its hold is over', async () => {
      const ask = process(both('1s'));
      counters.after = away;
      expect(await ask('u')).toEqual(['b']);
      await isReleased('u');
      expect(await held()).toBe(1);
      counters.after = well;
      await until('the place to come back', async () => (await ask('v'))[0] === 'a');
      expect(await held()).toBe(1);
    });

    test('leaves out what a document has and did not say, and that comes back when its hold is over', async () => {
      const ask = process(both('3s'));
      documents.after = away;
      expect(await ask('u')).toEqual(['b']);
      await until('the place in total to be given back', async () => (await held()) === 0);
      documents.after = well;
      expect(await contactsOf(opened, 'u')).toEqual(['decided']);
      expect(await ask('u')).toEqual(['b']);
      await until('the person’s place to come back', async () => (await ask('u'))[0] === 'a');
    });

    test('whose places were granted and the word of it lost keeps them from others', async () => {
      counters.after = away;
      expect(await process()('u', 'letter-1')).toEqual(['b']);
      counters.after = well;
      await isReleased('u');
      // What the person had was given back; what is held in total is still that of this letter.
      expect([await process()('v', 'letter-2'), await held()]).toEqual([['b'], 1]);
    });

    test('is without any offer that is limited after three refusals', async () => {
      const gone = { ...ALL, limit: 1 };
      const offers = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, { caps: [gone] }]));
      const ask = process(shelf({ offers: { ...offers, e: {} } }));
      for (const offer of ['a', 'b', 'c', 'd']) {
        const counter = { key: 'shown ever', limit: 1, hold: { ms: 60_000 } };
        await opened.limits.grant([{ offer, ref: 'somebody', counters: [counter] }]);
      }
      expect(await ask('u')).toEqual(['e']);
    });

    test('that is made again, as it was lost, has the same place', async () => {
      expect(await process()('u', 'letter-1')).toEqual(['a']);
      // Another process, after the first one died before anybody heard of it.
      expect(await process()('u', 'letter-1')).toEqual(['a']);
      expect(await held()).toBe(1);
      expect(await process()('u', 'letter-2')).toEqual(['b']);
    });

    test('that is made again and refused by the person’s limit leaves the place in total that it had', async () => {
      const rulebook = twoOffers({ event: 'decided', per: 'total', limit: 1 }, { ...EACH, limit: 1, hold: '1s' });
      expect(await process(rulebook)('u', 'letter-1')).toEqual(['a']);
      const counted = { offer: 'a', counters: [{ key: 'decided ever', limit: 1 }] };
      const confirmed = async () => (await opened.limits.left([counted]))[0]?.[0]?.confirmed;
      expect(await confirmed()).toBe(1);
      documents.before = away;
      await sleep(1_100);
      expect(await process(rulebook)('u', 'letter-1')).toEqual(['b']);
      expect(await confirmed()).toBe(1);
    });

    test('that was lost holds its place until the hold is over, and no longer', async () => {
      expect(await process(both('2s'))('u')).toEqual(['a']);
      expect(await process(both('2s'))('u')).toEqual(['b']);
      await until('the place to come back', async () => (await process(both('2s'))('u'))[0] === 'a');
    });
  });

  describe(`${name}: replicas whose clocks are five seconds apart`, () => {
    test('never exceed a limit, of the person or in total', async () => {
      const rulebook = twoOffers({ ...ALL, limit: 20 }, { ...EACH, limit: 3 });
      const granted: string[] = [];
      // Places that one of the two limits gives back are refused to others for a moment: more come, and get them.
      await until('all places to be taken', async () => {
        const replicas = [process(rulebook), process(rulebook, SKEW_MS), process(rulebook, -SKEW_MS)] as const;
        const people = Array.from({ length: 60 }, (_one, at) => ({ id: `person-${at % 10}`, ask: replicas[at % 3] }));
        const answers = await Promise.all(people.map(({ id, ask = replicas[0] }) => ask(id)));
        granted.push(...people.filter((_one, at) => answers[at]?.[0] === 'a').map(({ id }) => id));
        expect(granted.length).toBeLessThanOrEqual(20);
        return granted.length === 20;
      });
      for (const person of new Set(granted))
        expect(granted.filter((one) => one === person).length).toBeLessThanOrEqual(3);
    });

    test('see a hold end by their own clock, as much too early or too late as that is wrong', async () => {
      const rulebook = twoOffers({ ...EACH, limit: 1, hold: '60s' });
      expect(await process(rulebook)('u')).toEqual(['a']);
      expect(await process(rulebook, 60_000 - 2 * SKEW_MS)('u')).toEqual(['b']);
      expect(await process(rulebook, 60_000 + SKEW_MS)('u')).toEqual(['a']);
    });

    test('see a place in total come back by the clock of the store, whatever their own say', async () => {
      const rulebook = twoOffers({ ...ALL, limit: 1, hold: '60s' });
      expect(await process(rulebook, -SKEW_MS)('u')).toEqual(['a']);
      for (const [at, ahead] of [60_000 + SKEW_MS, SKEW_MS, -SKEW_MS].entries())
        expect(await process(rulebook, ahead)(`v-${at}`)).toEqual(['b']);
      const [[left] = []] = await opened.limits.left([{ offer: 'a', counters: [{ key: 'shown ever', limit: 1 }] }]);
      expect(left?.freesAt).toBeLessThanOrEqual(Date.now() + 60_000);
    });
  });
}

function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  return Promise.withResolvers<void>();
}
