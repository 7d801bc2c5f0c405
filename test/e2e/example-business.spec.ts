import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { describeOnBothStores, someone } from './harness.js';

const PLACEMENTS = readdirSync(new URL('../../rules/placements/', import.meta.url)).map((file) =>
  file.replace(/\.json$/, ''),
);
const NOW = Date.parse('2026-11-21T10:00:00Z');
const HOLE = /undefined|NaN|\[object |\{\{|\}\}|\{%/;

/** What is told of people out there: what rules expect, what they don't, and nothing at all. */
const odd = fc.constantFrom<unknown>(
  null,
  '',
  0,
  -1,
  true,
  [],
  {},
  [null],
  ['pets'],
  { deep: { er: [1] } },
  '<script>',
  'ß “”',
);
const traits = fc.record(
  {
    interests: fc.oneof(fc.subarray(['pets', 'home-security', 'cars']), odd),
    owns: fc.oneof(fc.subarray(['car', 'camera', 'car-policy']), odd),
    petName: fc.oneof(fc.constant('Rex'), odd),
    firstName: fc.oneof(fc.constant('Ada'), odd),
    circleTier: fc.oneof(fc.constantFrom('silver', 'gold'), odd),
    circlePoints: fc.oneof(fc.integer(), odd),
    carModel: fc.oneof(fc.constant('Wren'), odd),
    cover: fc.oneof(fc.constant('home'), odd),
    lifeEvents: fc.oneof(fc.constant(['moved-home']), odd),
    marketing: fc.oneof(fc.constantFrom('no', false), odd),
    timezone: fc.oneof(fc.constantFrom('Pacific/Auckland', 'Mars/Olympus'), odd),
    nearestShowroom: fc.oneof(
      fc.record({ km: fc.oneof(fc.nat(99), odd), name: fc.oneof(fc.constant('Leeds'), odd) }, { requiredKeys: [] }),
      odd,
    ),
    policies: fc.oneof(fc.constant([{ kind: 'car', renewalMonth: 11 }]), odd),
  },
  { requiredKeys: [] },
);
const EVENTS = [
  'Model Configured',
  'Model Viewed',
  'Product Viewed',
  'Order Completed',
  'Support Contacted',
  'Support Case Resolved',
  'Service Rated',
  'Test Drive Booked',
  'Circle Joined',
  'Application Opened',
];
const properties = fc.record(
  {
    ...{
      model: fc.oneof(fc.constantFrom('Wren', 'Heron'), odd),
      colour: odd,
      category: fc.oneof(fc.constantFrom('cars', 'cameras', 'pets'), odd),
    },
    ...{
      revenue: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), odd),
      score: fc.oneof(fc.nat(10), odd),
      minutes: fc.oneof(fc.nat(300), odd),
    },
  },
  { requiredKeys: [] },
);
const interaction = fc.record({
  type: fc.constant('track'),
  event: fc.constantFrom(...EVENTS),
  properties,
  timestamp: fc
    .integer({ min: 0, max: 100 * 24 * 60 })
    .map((minutes) => new Date(NOW - minutes * 60_000).toISOString()),
  context: fc.constantFrom({}, { channel: 'call-centre' }, { channel: 'app' }),
});
const context = fc.record(
  { device: fc.oneof(fc.constant('mobile'), odd), campaign: fc.oneof(fc.constant('text-message'), odd) },
  { requiredKeys: [] },
);

describeOnBothStores(
  'the example business',
  (service) => {
    test('answers every placement for any visitor, and never with a hole in a text', async () => {
      const anyone = fc.asyncProperty(
        traits,
        fc.array(interaction, { maxLength: 12 }),
        context,
        async (traitsOfOne, interactions, contextOfOne) => {
          const visitorId = someone();
          await service.tell(
            { type: 'identify', userId: visitorId, traits: traitsOfOne },
            ...interactions.map((one) => ({ ...one, userId: visitorId })),
          );
          const request = {
            visitorId,
            placements: PLACEMENTS.map((id) => ({ id, count: 5 })),
            context: contextOfOne,
            dryRun: true,
            now: new Date(NOW).toISOString(),
          };
          const { status, text } = await service.post('/v1/decisions', request);
          expect([status, HOLE.exec(text)?.[0]]).toEqual([200, undefined]);
          expect(JSON.parse(text)).toMatchObject({
            served: 'full',
            decisions: PLACEMENTS.map((placement) => ({ placement })),
          });
        },
      );
      await fc.assert(anyone, { numRuns: 60 });
    });

    test('greets a stranger in every placement with its fallback', async () => {
      const { decisions } = await service.decide({
        visitorId: someone(),
        placements: PLACEMENTS,
        dryRun: true,
        now: new Date(NOW).toISOString(),
      });
      for (const { placement, reason, items } of decisions)
        expect([placement, reason, items.length]).toEqual([placement, 'DEFAULT', 1]);
    });
  },
  { settings: { USHER_RULES: 'rules', USHER_KEEP_DAYS: '0' } },
);
