import { afterAll, beforeAll, describe } from '@jest/globals';
import { Service, type ServiceOptions } from './service.js';

const STORES = ['SQLite', 'Redis'] as const;
let people = 0;

/** One suite through the front door, run on each store; the service is started once for all of its tests. */
export function describeOnBothStores(
  name: string,
  define: (service: Service) => void,
  options: Omit<ServiceOptions, 'store'> = {},
): void {
  for (const store of STORES) describeOn(store, name, define, options);
}

/** The same on one store, for what only that store can show. */
export function describeOn(
  store: ServiceOptions['store'],
  name: string,
  define: (service: Service) => void,
  options: Omit<ServiceOptions, 'store'> = {},
): void {
  describe(`${name} on ${store}`, () => {
    const service = new Service({ store, ...options });
    beforeAll(() => service.start());
    afterAll(() => service.stop());
    define(service);
  });
}

/** An id that no other test of the file uses. */
export function someone(): string {
  return `someone-${++people}`;
}

/** An instant so long ago, as ISO 8601. */
export function ago(amount: number, unit: 'ms' | 's' | 'm' | 'h' | 'd'): string {
  const millis = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
  return new Date(Date.now() - amount * millis).toISOString();
}
