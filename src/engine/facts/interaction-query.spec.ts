import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { history, NOW, params } from '../../../test/arbitraries/interactions.js';
import { parseDuration } from '../language/millis.js';
import { findFact } from './facts.js';
import { InteractionLog } from '../visitor/interaction-log.js';
import type { DecisionFacts } from './decision-facts.js';
import type { Json, JsonObject } from '../language/json.js';
import type { Interaction } from '../visitor/interaction.js';
import { visitorView } from '../visitor/visitor.js';

const own = (properties: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(properties, name) ? properties[name] : undefined;

/** What the documentation says, word for word, over a plain list. */
function told(list: readonly Interaction[], ask: JsonObject): unknown {
  const { event, channel, within, where, aggregate, property } = ask as Record<string, string>;
  const since = within === undefined ? -Infinity : NOW - (parseDuration(within) ?? 0);
  const found = list.filter(
    (one) =>
      (event === undefined || one.event === event) &&
      (channel === undefined || one.channel === channel) &&
      one.timestamp >= since &&
      one.timestamp <= NOW &&
      meant(one.properties, where),
  );
  const values = found
    .map((one) => own(one.properties, property ?? ''))
    .filter((value) => value !== undefined && value !== null);
  const numbers = values.map(plainNumber).filter((value) => value !== undefined);
  const sum = numbers.reduce((total, value) => total + value, 0);
  const ages = found.map((one) => (NOW - one.timestamp) / 1_000);
  const answers: Record<string, unknown> = {
    count: found.length,
    sum,
    avg: numbers.length === 0 ? undefined : sum / numbers.length,
    min: numbers.length === 0 ? undefined : Math.min(...numbers),
    max: numbers.length === 0 ? undefined : Math.max(...numbers),
    distinct: new Set(values.map((value) => JSON.stringify(value))).size,
    first: found[0] && own(found[0].properties, property ?? ''),
    last: found.at(-1) && own(found.at(-1)?.properties ?? {}, property ?? ''),
    secondsSinceFirst: ages[0],
    secondsSinceLast: ages.at(-1),
  };
  return answers[aggregate ?? 'count'];
}

/** By the documentation: a number, or a text that is nothing but one. */
function plainNumber(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
    ? Number(value)
    : undefined;
}

function meant(properties: JsonObject, where: unknown): boolean {
  if (where === undefined) return true;
  if ('any' in (where as object))
    return Number(own(properties, 'price')) > 1 && typeof own(properties, 'price') === 'number'
      ? true
      : Array.isArray(own(properties, 'tags')) && (own(properties, 'tags') as Json[]).includes('x');
  if ('not' in (where as object)) return own(properties, 'sku') !== 'a';
  return Object.entries(where as JsonObject).every(([name, value]) => own(properties, name) === value);
}

describe('asking a log', () => {
  test('says of any history what the documentation says', () => {
    fc.assert(
      fc.property(history, params, (list, ask) => {
        const facts = {
          visitor: visitorView({ visitorId: 'v', interactions: list }),
          now: NOW,
        } as unknown as DecisionFacts;
        const answer = findFact('interactions', ask)?.read(facts, undefined as never);
        const expected = told(list, ask);
        if (typeof expected === 'number') expect(answer).toBeCloseTo(expected, 9);
        else expect(answer).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives back every interaction as it was', () => {
    fc.assert(fc.property(history, (list) => expect([...InteractionLog.of(list)]).toEqual(list)));
  });

  test('tells the whole of the first and the last, the later arrived of equal ones last', () => {
    fc.assert(
      fc.property(history, (list) => {
        const facts = {
          visitor: visitorView({ visitorId: 'v', interactions: list }),
          now: NOW,
        } as unknown as DecisionFacts;
        const idOf = (aggregate: string) =>
          (
            findFact('interactions', { aggregate })?.read(facts, undefined as never) as
              { messageId: string } | undefined
          )?.messageId;
        const past = list.filter((one) => one.timestamp <= NOW);
        expect([idOf('first'), idOf('last')]).toEqual([past[0]?.messageId, past.at(-1)?.messageId]);
      }),
    );
  });
});
