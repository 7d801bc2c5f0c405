import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDecisionRequest } from '../decision-request.js';
import { batchDecisionId } from './batch-decision-id.js';

const line = fc
  .record({ visitorId: fc.stringMatching(/^[a-z]{1,4}$/), channel: fc.constantFrom('web', 'email'), at: fc.nat(2) })
  .map(({ visitorId, channel, at }) => ({ visitorId, channel, placements: [`slot-${at}`] }));

test('a line has the same decision in every run of a batch, and another line, or batch, another', () => {
  fc.assert(
    fc.property(line, line, (one, other) => {
      const [ask, second] = [readDecisionRequest(one), readDecisionRequest(other)];
      const id = batchDecisionId('letter-7', ask);
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(batchDecisionId('letter-7', readDecisionRequest({ ...one, context: { of: 'now' } }))).toBe(id);
      expect(batchDecisionId('letter-7', second) === id).toBe(JSON.stringify(one) === JSON.stringify(other));
      expect(batchDecisionId('letter-8', ask)).not.toBe(id);
    }),
  );
});
