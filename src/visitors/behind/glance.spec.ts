import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memory as anyMemory } from '../../../test/arbitraries/memories.js';
import { decode, encode } from '../documents/codec.js';
import type { InteractionEvent } from '../memory/memory-event.js';
import { USUAL_LIMITS } from '../memory/limits.js';
import { additionTo, glanceAt } from './append-events.js';
import type { Glance } from './glance.js';

const KEEPING = { retention: { keepInteractions: 1_000, keepDays: 0 }, limits: USUAL_LIMITS };
const NOW = 4_000_000_001_000;

const laterEvents = fc.array(
  fc.record({
    event: fc.constantFrom('Product Viewed', 'Page Viewed', '__proto__'),
    messageId: fc.oneof(fc.uuid(), fc.string()),
    properties: fc.dictionary(fc.constantFrom('sku', 'price'), fc.constantFrom('a', 1, null)),
    timestamp: fc.integer({ min: 1, max: 5 }).map((ms) => 4_000_000_000_000 + ms),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);

function told(glance: Glance): unknown {
  const { visitor, version, tailLength, bytes, eventNamesAtMost, ofBrowsers, length } = glance;
  return { visitor, version, tailLength, bytes, eventNamesAtMost, ofBrowsers, length };
}

function at(document: Uint8Array, version: string): Glance {
  const glance = glanceAt({ document, version });
  if (!glance) throw new Error('it is no memory');
  return glance;
}

describe('a glance at a visitor', () => {
  test('tells after each event that was put behind the document, or into it, what a new look would', () => {
    let [appended, rewritten] = [0, 0];
    fc.assert(
      fc.property(anyMemory, laterEvents, (one, drafts) => {
        const memory = { ...one, userIds: ['u-1'], joining: undefined, parting: undefined };
        let document = encode({ kind: 'memory', memory });
        let glance = at(document, '0');
        for (const [index, draft] of drafts.entries()) {
          const event: InteractionEvent = {
            ...{ kind: 'interaction', userId: 'u-1', anonymousId: undefined, channel: 'web' },
            ...draft,
            arrival: draft.timestamp * 1_000 + index,
          };
          const version = String(index + 1);
          let addition = additionTo({ glance, document: undefined }, [event], KEEPING, NOW);
          const withDocument = additionTo({ glance: at(document, ''), document }, [event], KEEPING, NOW);
          if (addition === 'document') addition = additionTo({ glance, document }, [event], KEEPING, NOW);
          expect(addition).toEqual(withDocument);
          if (!addition || addition === 'document') continue;
          if ('append' in addition) {
            appended++;
            glance.addBehind([event], addition.append.length, version);
            document = Buffer.concat([document, addition.append]);
          } else {
            rewritten++;
            document = addition.document;
            glance = glance.rewritten(document, [event], version) ?? glance;
          }
          expect(told(glance)).toEqual(told(at(document, version)));
          expect(knows(glance, document)).toBe(true);
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
    expect([appended > 1_000, rewritten > 20]).toEqual([true, true]);
  });

  test('knows every message that is retained or was let go, and hardly any other', () => {
    fc.assert(
      fc.property(anyMemory, fc.uuid(), (one, other) => {
        const document = encode({ kind: 'memory', memory: { ...one, joining: undefined, parting: undefined } });
        expect(knows(at(document, ''), document)).toBe(true);
        expect(at(document, '').mayKnow(`new ${other}`)).toBe(false);
      }),
    );
  });
});

function knows(glance: Glance, document: Uint8Array): boolean {
  const read = decode(document);
  return read.kind === 'memory' && read.memory.interactions.every(({ messageId }) => glance.mayKnow(messageId));
}
