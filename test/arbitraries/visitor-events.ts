/**
 * What people do, say and are called: with timestamps that collide and are often too old to keep, and names as odd as
 * they come. Plain Node runs this for `npm run fuzz`: of the product it can import types, and what imports nothing.
 */
import fc from 'fast-check';
import { browserMessageId } from '../../src/engine/visitor/message-source.ts';
import type {
  AliasEvent,
  ConsentEvent,
  InteractionEvent,
  MemoryEvent,
  TraitsEvent,
} from '../../src/visitors/memory/memory-event.js';

const DAY = 86_400_000;
/** Milliseconds; what happens, happens in the two weeks before. */
export const NOW = 1_000 * DAY;

/** Ids that an event names. */
export interface Who {
  readonly userId: string | undefined;
  readonly anonymousId: string | undefined;
}

type What =
  | Pick<InteractionEvent, 'kind' | 'event' | 'channel' | 'properties'>
  | Pick<TraitsEvent, 'kind' | 'traits' | 'source'>
  | Pick<ConsentEvent, 'kind' | 'purpose' | 'granted' | 'until'>
  | Pick<AliasEvent, 'kind' | 'previousId' | 'trusted'>;

const name = fc.constantFrom('A', 'B', 'constructor', '__proto__');
const what: fc.Arbitrary<What> = fc.oneof(
  {
    weight: 3,
    arbitrary: name.map((event) => ({ kind: 'interaction' as const, event, channel: 'web', properties: {} })),
  },
  fc
    .tuple(name, fc.constantFrom('x', 'y', null))
    .map(([trait, value]) => ({ kind: 'traits' as const, source: 'identify', traits: { [trait]: value } })),
  fc
    .tuple(fc.constantFrom('email', 'ads'), fc.boolean(), fc.constantFrom(undefined, NOW))
    .map(([purpose, granted, until]) => ({ kind: 'consent' as const, purpose, granted, until })),
);

interface Draft {
  readonly who: Who;
  readonly what: What;
  readonly daysAgo: number;
}

const onDay = fc.integer({ min: 0, max: 14 });

/** Events of one person under one id. */
export const eventsOfOne: fc.Arbitrary<MemoryEvent[]> = fc
  .array(fc.record({ who: fc.constant({ userId: undefined, anonymousId: 'a' }), what, daysAgo: onDay }), {
    maxLength: 30,
  })
  .map(numbered);

/**
 * Events of several people who are known by several ids each. Where one of them has several user ids, trusted aliases
 * tell so: no event contradicts another, in whatever order they come.
 */
export const eventsOfMany: fc.Arbitrary<MemoryEvent[]> = fc
  .tuple(
    fc.array(draftOf('u', 'a', true), { maxLength: 12 }),
    fc.array(draftOf('v', 'b', true), { maxLength: 8 }),
    onDay,
  )
  .map(([first, second, daysAgo]) => [...joined('u', daysAgo), ...first, ...second, ...joined('v', daysAgo)])
  .chain((drafts) => fc.shuffledSubarray(drafts, { minLength: drafts.length }))
  .map(numbered);

/** Events that contradict each other: people log in on each other's devices, and claim ids that are somebody else's. */
export const contradictions: fc.Arbitrary<MemoryEvent[]> = fc
  .array(draftOf('u', 'a', false), { maxLength: 20 })
  .map(numbered);

function draftOf(user: string, device: string, isConsistent: boolean): fc.Arbitrary<Draft> {
  const userId = fc.constantFrom(`${user}1`, `${user}2`, `${user}3`);
  const anonymousId = fc.constantFrom(`${device}1`, `${device}2`, `${device}3`, `${device}4`);
  const who: fc.Arbitrary<Who> = fc.oneof(
    userId.map((id) => ({ userId: id, anonymousId: undefined })),
    anonymousId.map((id) => ({ userId: undefined, anonymousId: id })),
    fc.tuple(userId, anonymousId).map(([known, unknown]) => ({ userId: known, anonymousId: unknown })),
  );
  const alias = fc.record({
    kind: fc.constant('alias' as const),
    previousId: isConsistent ? fc.oneof(userId, anonymousId) : anonymousId,
    trusted: isConsistent ? fc.boolean() : fc.constant(false),
  });
  const trusted = fc.record({
    who: userId.map((id) => ({ userId: id, anonymousId: undefined })),
    what: userId.map((previousId) => ({ kind: 'alias' as const, previousId, trusted: true })),
    daysAgo: onDay,
  });
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ who, what: fc.oneof({ weight: 4, arbitrary: what }, alias), daysAgo: onDay }) },
    trusted,
  );
}

function joined(user: string, daysAgo: number): Draft[] {
  return [2, 3].map((number) => ({
    who: { userId: `${user}1`, anonymousId: undefined },
    what: { kind: 'alias', previousId: `${user}${number}`, trusted: true },
    daysAgo,
  }));
}

/** What a browser may join depends on what servers said before: these are joined by servers alone. */
function isJoin({ who: { userId, anonymousId }, what: { kind } }: Pick<Draft, 'who' | 'what'>): boolean {
  return kind === 'alias' || (userId !== undefined && anonymousId !== undefined);
}

function numbered(drafts: readonly Draft[]): MemoryEvent[] {
  return drafts.map(({ who, what: said, daysAgo }, index) => ({
    ...who,
    ...said,
    ...(said.kind === 'interaction' && tellingOf(said.event, NOW - daysAgo * DAY, index)),
    ...(index % 3 === 0 && !isJoin({ who, what: said })
      ? { by: 'browser' as const, messageId: browserMessageId(`m${index}`) }
      : { messageId: `m${index}` }),
    timestamp: NOW - daysAgo * DAY,
    arrival: index,
  }));
}

/** Some tell of offers, of the same item now and then, and some are goals. */
function tellingOf(offer: string, at: number, index: number): Pick<InteractionEvent, 'contact' | 'goal'> {
  const event = index % 4 === 0 ? ('shown' as const) : ('clicked' as const);
  return {
    ...(index % 2 === 0 && { contact: { event, offer, at, ref: index % 5, channel: `channel ${index % 3}` } }),
    ...(index % 3 === 1 && { goal: true }),
  };
}
