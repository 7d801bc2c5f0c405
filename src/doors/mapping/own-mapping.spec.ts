import { expect, test } from '@jest/globals';
import { ownMapper } from './own-mapping.js';

test('two columns that mean the same trait are told, so that neither is lost', () => {
  expect(() => ownMapper(['visitorId', 'plan', 'city', 'traits.plan'], 'visitors')).toThrow(
    'These columns mean the same: "plan", "traits.plan". Rename one of them',
  );
  expect(ownMapper(['visitorId', 'plan', 'traits.city', 'consents.plan'], 'visitors')).toBeDefined();
  expect(
    ownMapper(['visitorId', 'event', 'timestamp', 'properties.event', 'properties.channel'], 'events'),
  ).toBeDefined();
});
