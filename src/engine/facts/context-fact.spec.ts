import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../language/json.js';
import { pathOfNames } from '../match/path.js';
import { compileConsentPolicy } from '../visitor/consent.js';
import { USUAL_POLICY } from '../visitor/single-view-policy.js';
import { visitorView } from '../visitor/visitor.js';
import type { DecisionFacts } from './decision-facts.js';
import { findFact } from './facts.js';

const name = fc.constantFrom('device', 'channel', 'placement', '__proto__', 'constructor', 'length', '0');
const context = fc
  .array(fc.tuple(name, fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 })
  .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject);

test('a part of the context is what lies there in all of it', () => {
  const fact = findFact('context');
  let parts = 0;
  fc.assert(
    fc.property(
      context,
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.record({ channel: fc.constantFrom(undefined, 'web'), placed: fc.constantFrom(undefined, 'hero') }),
      (said, names, { channel, placed }) => {
        const placement = placed === undefined ? undefined : { id: placed, channel: 'app', timeZone: undefined };
        const facts: DecisionFacts = {
          ...{ visitor: visitorView({ visitorId: 'v' }), visitorKnown: true, context: said, channel, now: 0 },
          ...{ consent: compileConsentPolicy(), singleView: USUAL_POLICY, withheld: [], segments: new Map() },
          placement,
        };
        const part = fact?.readPart?.(names);
        if (!part) return;
        parts++;
        expect(part(facts, undefined as never)).toEqual(pathOfNames(names)(fact?.read(facts, undefined as never)));
      },
    ),
    { numRuns: 500 },
  );
  expect(parts).toBeGreaterThan(100);
  expect([fact?.readPart?.(['channel']), fact?.readPart?.(['placement', 'x'])]).toEqual([undefined, undefined]);
});
