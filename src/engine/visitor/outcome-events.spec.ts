import { expect, test } from '@jest/globals';
import { contactEvents } from './contacts.js';
import { outcomeEvents, outcomeOf } from './outcome-events.js';

test('outcomes are events that tell of contacts', () => {
  expect(outcomeEvents.map(outcomeOf)).toEqual(['shown', 'clicked', 'accepted', 'dismissed', 'rated']);
  expect(contactEvents).toEqual(expect.arrayContaining(outcomeEvents.map(outcomeOf)));
  expect(outcomeOf('Order Placed')).toBeUndefined();
});
