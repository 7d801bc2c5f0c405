import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/until.js';
import type { PlacementDecision } from '../engine/answer.js';
import { decide } from '../engine/decide.js';
import type { DecideInput } from '../engine/decision-run.js';
import { shelf } from '../engine/limits/limits.contract.js';
import { StoreUnavailable } from '../errors.js';
import type { GrantAsk, Granted } from '../stores/limit-store.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteLimitStore } from '../stores/sqlite/sqlite-limit-store.js';
import { SqliteVisitorStore } from '../stores/sqlite/sqlite-visitor-store.js';
import type { DocumentChange } from '../stores/visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { Reserver, type Attempt } from './reserver.js';

const RETENTION = { keepInteractions: 500, keepDays: 0 };
const PATIENCE_MS = 200;
const SKEW_MS = 5_000;
const ALL = { event: 'shown', per: 'total', hold: '30m' } as const;
const EACH = { event: 'shown', hold: '30m' } as const;

type Made = { readonly decisions: readonly PlacementDecision[] };

/** Counters that fail, or come late, when somebody says so. */
class Counters extends SqliteLimitStore {
  before: () => Promise<void> = () => Promise.resolve();

  override async grant(asks: readonly GrantAsk[]): Promise<Granted[]> {
    await this.before();
    return super.grant(asks);
  }
}

/** Documents that can't be written when somebody says so. */
class Documents extends SqliteVisitorStore {
  before: () => Promise<void> = () => Promise.resolve();

  override async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    await this.before();
    return super.save(changes);
  }
}

let database: SqliteDatabase;
let counters: Counters;
let documents: Documents;
let decisions = 0;
beforeEach(() => {
  Logger.overrideLogger(false);
  database = SqliteDatabase.open(':memory:');
  counters = new Counters(database);
  documents = new Documents(database);
});
afterEach(() => database.close());

/** A process of its own on the same stores; `ahead` is how much its clock is. */
function aProcess(rulebook: ReturnType<typeof shelf>, ahead = 0) {
  const visitors = new VisitorsService(documents, RETENTION);
  const reserver = new Reserver(visitors, counters);
  return async (visitorId: string, decisionId = `d-${++decisions}`, within = withPatience): Promise<string[]> => {
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

/** As decisions wait: until a moment, and not for what fails. */
async function withPatience<T>(ask: () => Promise<T>) {
  const late = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => ({ kind: 'late' }) as const);
  const done = ask().then(
    (value) => ({ kind: 'done', value }) as const,
    () => ({ kind: 'failed' }) as const,
  );
  return Promise.race([done, late]);
}

const heldOf = async (offer = 'a') => {
  const [[left] = []] = await counters.left([{ offer, counters: [{ key: 'shown ever', limit: 1 }] }]);
  return left?.held;
};
const contactsOf = async (id: string) =>
  (await new VisitorsService(documents, RETENTION).view(id)).view
    .contacts()
    .of('a')
    .map(({ event }) => event);
const twoOffers = (caps: readonly object[]) => shelf({ offers: { a: { caps: caps as never }, b: {} } });

describe('an answer', () => {
  test('takes its places, of the person and in total, before it goes out', async () => {
    const ask = aProcess(
      twoOffers([
        { ...ALL, limit: 1 },
        { ...EACH, limit: 1 },
      ]),
    );
    expect(await ask('u')).toEqual(['a']);
    expect([await heldOf(), await contactsOf('u')]).toEqual([1, ['decided']]);
    expect(await ask('v')).toEqual(['b']);
  });

  test('leaves out what the counters can’t tell, and what they granted too late goes back', async () => {
    const ask = aProcess(twoOffers([{ ...ALL, limit: 1 }]));
    const { promise: later, resolve: release } = Promise.withResolvers<void>();
    counters.before = () => later;
    expect(await ask('u')).toEqual(['b']);
    release();
    counters.before = () => Promise.resolve();
    await until('the late place to be given back', async () => (await heldOf()) === 0);
    await until('the contact to be released', async () => (await contactsOf('u')).includes('released'));
    expect(await ask('v')).toEqual(['a']);
  });

  test('leaves out what is limited while the counters are away, and the person’s place goes back', async () => {
    const ask = aProcess(
      twoOffers([
        { ...ALL, limit: 1 },
        { ...EACH, limit: 1 },
      ]),
    );
    counters.before = () => Promise.reject(new StoreUnavailable('away'));
    expect(await ask('u')).toEqual(['b']);
    counters.before = () => Promise.resolve();
    await until('the contact to be released', async () => (await contactsOf('u')).includes('released'));
    expect(await ask('u')).toEqual(['a']);
  });

  test('leaves out what is limited while documents can’t be written, and the counter has its place back', async () => {
    const ask = aProcess(
      twoOffers([
        { ...ALL, limit: 1 },
        { ...EACH, limit: 1 },
      ]),
    );
    documents.before = () => Promise.reject(new StoreUnavailable('the disk is full'));
    expect(await ask('u')).toEqual(['b']);
    await until('the place to be given back', async () => (await heldOf()) === 0);
    documents.before = () => Promise.resolve();
    expect(await ask('u')).toEqual(['a']);
  });

  test('is without any offer that is limited after three refusals', async () => {
    const gone = { ...ALL, limit: 1 };
    const offers = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, { caps: [gone] }]));
    const ask = aProcess(shelf({ offers: { ...offers, e: {} } }));
    for (const offer of ['a', 'b', 'c', 'd']) {
      const counter = { key: 'shown ever', limit: 1, hold: { ms: 60_000 } };
      await counters.grant([{ offer, ref: 'somebody', counters: [counter] }]);
    }
    expect(await ask('u')).toEqual(['e']);
  });

  test('that is made again, as it was lost, has the same place', async () => {
    const rulebook = twoOffers([
      { ...ALL, limit: 1 },
      { ...EACH, limit: 1 },
    ]);
    expect(await aProcess(rulebook)('u', 'letter-1')).toEqual(['a']);
    // Another process, after the first one died before anybody heard of it.
    expect(await aProcess(rulebook)('u', 'letter-1')).toEqual(['a']);
    expect(await heldOf()).toBe(1);
    expect(await aProcess(rulebook)('u', 'letter-2')).toEqual(['b']);
  });

  test('that is made again and refused by the person’s limit leaves the place in total that it had', async () => {
    const rulebook = twoOffers([
      { event: 'decided', per: 'total', limit: 1 },
      { ...EACH, limit: 1, hold: '1s' },
    ]);
    expect(await aProcess(rulebook)('u', 'letter-1')).toEqual(['a']);
    const confirmed = async () =>
      (await counters.left([{ offer: 'a', counters: [{ key: 'decided ever', limit: 1 }] }]))[0]?.[0]?.confirmed;
    expect(await confirmed()).toBe(1);
    documents.before = () => Promise.reject(new StoreUnavailable('the disk is full'));
    await sleep(1_100);
    expect(await aProcess(rulebook)('u', 'letter-1')).toEqual(['b']);
    expect(await confirmed()).toBe(1);
  });

  test('that was lost holds its place until the hold is over, and no longer', async () => {
    const rulebook = twoOffers([
      { ...ALL, limit: 1, hold: '1s' },
      { ...EACH, limit: 1, hold: '1s' },
    ]);
    expect(await aProcess(rulebook)('u')).toEqual(['a']);
    expect(await aProcess(rulebook)('u')).toEqual(['b']);
    await until('the place to come back', async () => (await aProcess(rulebook)('u'))[0] === 'a');
  });
});

describe('replicas whose clocks are five seconds apart', () => {
  test('never exceed a limit, of the person or in total', async () => {
    const rulebook = twoOffers([
      { ...ALL, limit: 20 },
      { ...EACH, limit: 3 },
    ]);
    const granted: string[] = [];
    // Places that one of the two limits gives back are refused to others for a moment: more come, and get them.
    await until('all places to be taken', async () => {
      const replicas = [aProcess(rulebook), aProcess(rulebook, SKEW_MS), aProcess(rulebook, -SKEW_MS)] as const;
      const people = Array.from({ length: 60 }, (_one, at) => ({ id: `person-${at % 10}`, ask: replicas[at % 3] }));
      const answers = await Promise.all(people.map(({ id, ask = replicas[0] }) => ask(id, undefined, patiently)));
      granted.push(...people.filter((_one, at) => answers[at]?.[0] === 'a').map(({ id }) => id));
      expect(granted.length).toBeLessThanOrEqual(20);
      return granted.length === 20;
    });
    for (const person of new Set(granted))
      expect(granted.filter((one) => one === person).length).toBeLessThanOrEqual(3);
  });

  test('see a hold end by their own clock, as much too early or too late as that is wrong', async () => {
    const rulebook = twoOffers([{ ...EACH, limit: 1, hold: '5s' }]);
    expect(await aProcess(rulebook)('u')).toEqual(['a']);
    expect(await aProcess(rulebook, 4_000)('u')).toEqual(['b']);
    expect(await aProcess(rulebook, SKEW_MS + 1_000)('u')).toEqual(['a']);
  });
});

async function patiently<T>(ask: () => Promise<T>) {
  return { kind: 'done', value: await ask() } as const;
}
