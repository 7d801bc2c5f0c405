/** Histories of every shape: many events at one time, properties that come and go, values of every type. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/engine/language/json.js';
import type { Interaction } from '../../src/engine/visitor/interaction.js';

const EVENTS = ['Viewed', 'Bought', 'constructor', ''] as const;
const NAMES = ['sku', 'price', 'tags', 'toString'] as const;
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom('a', 'b', '0', '', true, null, 0.5),
  fc.array(fc.constantFrom('x', 1), { maxLength: 2 }),
  fc.constant({ deep: 1 }),
);

/** Milliseconds; the histories lie around it, before and after. */
export const NOW = 1_000_000;

/** Interactions in order of timestamp; those of equal timestamps are told apart by their message ids. */
export const history: fc.Arbitrary<Interaction[]> = fc
  .array(
    fc.record({
      event: fc.constantFrom(...EVENTS),
      seconds: fc.integer({ min: -20, max: 5 }),
      channel: fc.constantFrom('web', 'app'),
      properties: fc.dictionary(fc.constantFrom(...NAMES), value),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list
      .toSorted((a, b) => a.seconds - b.seconds)
      .map(({ seconds, ...one }, index) => ({ ...one, timestamp: NOW + seconds * 1_000, messageId: `m${index}` })),
  );

/** Params of the fact `interactions` that have no problems. */
export const params: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      event: fc.constantFrom(...EVENTS.slice(0, 3), 'Never'),
      channel: fc.constantFrom('web', 'app', 'desk'),
      within: fc.constantFrom('1s', '5s', '10s', '1h'),
      where: fc.oneof(
        fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('a', 0, 1, '0', true, null), {
          minKeys: 1,
          maxKeys: 2,
        }),
        fc.constantFrom(
          {
            any: [
              { fact: 'price', operator: 'greaterThan', value: 1 },
              { fact: 'tags', operator: 'contains', value: 'x' },
            ],
          },
          { not: { fact: 'sku', operator: 'equal', value: 'a' } },
        ),
      ),
      aggregate: fc.constantFrom(
        'count',
        'sum',
        'avg',
        'min',
        'max',
        'distinct',
        'first',
        'last',
        'secondsSinceFirst',
        'secondsSinceLast',
      ),
    },
    { requiredKeys: ['aggregate'] },
  )
  .chain((some) => fc.constantFrom(...NAMES).map((property) => ({ ...some, property })));
