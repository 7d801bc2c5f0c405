import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RolloutRefused } from '../errors.js';
import { NOTHING_LIVE, type Rollout } from '../stores/release-store.js';
import { activated, ended, rolledBack, type Activation, type RolloutStep } from './rollout-changes.js';

const LIVE: Rollout = { ...NOTHING_LIVE, revision: 7, live: 2, before: [1] };
const TRIED: Rollout = { ...LIVE, canary: { version: 3, share: 10 }, shadow: { version: 4 } };

const activateAll = (now: Rollout, ...versions: number[]) =>
  versions.reduce((rollout, version) => activated(rollout, version, { as: 'live' })?.next ?? rollout, now);

describe('a release that becomes live', () => {
  test('leaves the one before it to go back to, and those that are tried beside it', () => {
    expect(activated(TRIED, 5, { as: 'live' })).toEqual({
      next: { ...TRIED, revision: 8, live: 5, before: [2, 1] },
      told: { action: 'activate', version: 5, as: 'live' },
    });
  });

  test('is tried no longer', () => {
    expect(activated(TRIED, 3, { as: 'live' })?.next).toMatchObject({ canary: undefined, shadow: { version: 4 } });
    expect(activated(TRIED, 4, { as: 'live' })?.next).toMatchObject({ canary: { version: 3 }, shadow: undefined });
  });

  test('may be the first, with nothing to go back to', () => {
    expect(activated(NOTHING_LIVE, 1, { as: 'live' })?.next).toEqual({ ...NOTHING_LIVE, revision: 1, live: 1 });
  });

  test('changes nothing where it is live already, whatever is tried beside it', () => {
    expect(activated(TRIED, 2, { as: 'live' })).toBeUndefined();
  });

  test('is remembered for a hundred steps back', () => {
    const { before } = activateAll(NOTHING_LIVE, ...Array.from({ length: 150 }, (_, n) => n + 1));
    expect([before.length, before[0], before.at(-1)]).toEqual([100, 149, 50]);
  });
});

describe('a release that is tried', () => {
  test('takes the place of the one tried before, and of its share', () => {
    expect(activated(TRIED, 5, { as: 'canary', share: 50 })?.next.canary).toEqual({ version: 5, share: 50 });
    expect(activated(TRIED, 3, { as: 'canary', share: 11 })?.next.canary).toEqual({ version: 3, share: 11 });
    expect(activated(TRIED, 5, { as: 'shadow' })?.next.shadow).toEqual({ version: 5 });
  });

  test('changes nothing where it is tried so already', () => {
    expect(activated(TRIED, 3, { as: 'canary', share: 10 })).toBeUndefined();
    expect(activated(TRIED, 4, { as: 'shadow' })).toBeUndefined();
  });

  test('may be the canary and the shadow at once', () => {
    expect(activated(TRIED, 3, { as: 'shadow' })?.next).toMatchObject({
      canary: { version: 3 },
      shadow: { version: 3 },
    });
  });

  test.each([{ as: 'canary', share: 5 } as const, { as: 'shadow' } as const])('%j needs another one live', (how) => {
    expect(() => activated(NOTHING_LIVE, 1, how)).toThrow('Nothing is live yet that release 1 could be a');
    expect(() => activated(TRIED, 2, how)).toThrow(
      `Release 2 is live already, so it can't be the ${how.as} beside itself. ` +
        'Release 2 is live. Release 3 is the canary. Release 4 is the shadow.',
    );
  });
});

describe('ending', () => {
  test('is of one and leaves the other', () => {
    expect(ended(TRIED, 'canary')).toEqual({
      next: { ...TRIED, revision: 8, canary: undefined },
      told: { action: 'end', version: 3, as: 'canary' },
    });
    expect(ended(TRIED, 'shadow').next).toEqual({ ...TRIED, revision: 8, shadow: undefined });
  });

  test('needs something to end', () => {
    expect(() => ended(LIVE, 'canary')).toThrow('There is no canary to end. Release 2 is live.');
    expect(() => ended(NOTHING_LIVE, 'shadow')).toThrow('There is no shadow to end. Nothing is live.');
  });
});

describe('rolling back', () => {
  test('ends the canary first, and then goes back release by release, until there is none before', () => {
    const first = rolledBack(TRIED).next;
    expect(first).toEqual({ ...TRIED, revision: 8, canary: undefined });
    const second = rolledBack(first).next;
    expect(second).toMatchObject({ live: 1, before: [], shadow: { version: 4 } });
    expect(() => rolledBack(second)).toThrow(RolloutRefused);
  });

  test('ends the shadow that becomes live by it', () => {
    expect(rolledBack({ ...LIVE, shadow: { version: 1 } }).next).toMatchObject({ live: 1, shadow: undefined });
  });
});

const activation: fc.Arbitrary<Activation> = fc.oneof(
  fc.constant<Activation>({ as: 'live' }),
  fc.constant<Activation>({ as: 'shadow' }),
  fc.integer({ min: 1, max: 100 }).map((share): Activation => ({ as: 'canary', share })),
);
const step: fc.Arbitrary<(now: Rollout) => RolloutStep | undefined> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 4 }), activation).map(
    ([version, as]) =>
      (now: Rollout) =>
        activated(now, version, as),
  ),
  fc.constantFrom('canary' as const, 'shadow' as const).map((as) => (now: Rollout) => ended(now, as)),
  fc.constant(rolledBack),
);

test('whatever is done one after the other, nothing is tried beside itself, and each change is one revision', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let now = NOTHING_LIVE;
      for (const take of steps) {
        const { next } = attempt(() => take(now)) ?? { next: now };
        if (next !== now) expect(next.revision).toBe(now.revision + 1);
        if (next.live === undefined)
          expect([next.canary, next.shadow, next.before]).toEqual([undefined, undefined, []]);
        else expect([next.canary?.version, next.shadow?.version]).not.toContain(next.live);
        now = next;
      }
    }),
  );
});

function attempt(take: () => RolloutStep | undefined): RolloutStep | undefined {
  try {
    return take();
  } catch (error) {
    if (error instanceof RolloutRefused) return undefined;
    throw error;
  }
}
