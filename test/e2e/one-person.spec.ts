import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stores } from '../../src/stores/open-stores.js';
import { describeOnBothStores, someone } from './harness.js';
import { doorsOf } from './one-person-doors.js';
import { exportedOf, storedUnder, storesOf } from './one-person-held.js';
import { FIRST, NAMES, SPELLINGS, TIMES, TWENTY_DAYS } from './one-person-said.js';

/** How one and the same is said: spelled, timed, encoded and packed as its sender likes. */
const how = fc
  .record({
    named: fc.constantFrom(...NAMES),
    spelling: fc.constantFrom(...SPELLINGS.map(([, spell]) => spell)),
    time: fc.constantFrom(...TIMES),
    charset: fc.constantFrom('utf-8', 'windows-1252', 'utf-16le'),
    packed: fc.boolean(),
  })
  // Decomposed letters and marks are not in every charset.
  .map((one) => (one.charset === 'windows-1252' ? { ...one, spelling: PLAIN, named: PLAIN_NAME } : one));
const PLAIN_NAME = (name: string) => ` ${name}\u00A0 `;
const PLAIN = (id: string) => JSON.stringify(`${id} M\u00FCller`);
const texts = fc.stringMatching(/^[a-zäöüß 0-9]{0,12}$/);
const data = fc.record({ text: texts.map((text) => `a${text}z`), at: fc.nat(TWENTY_DAYS), amount: fc.nat(99_999) });

describeOnBothStores('one person’s data, through every door', (service) => {
  let folder = '';
  let stores: Stores;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-doors-'));
    stores = await storesOf(service);
  });
  afterAll(async () => {
    await stores.close();
    await rm(folder, { recursive: true });
  });
  const groups = (): ReturnType<typeof doorsOf> => doorsOf(service, folder);

  test.each(Object.keys(doorsOf(service, folder)))(
    'told by %s is one person, the same to the last byte of the store and of the export',
    async (group) => {
      const doors = Object.entries(groups()[group] ?? {});
      const each = fc.tuple(...doors.map(([name, door]) => how.map((one) => ({ name, door, ...one }))));
      // Nothing can say of what is so now when it was said.
      const receipt = { saidNow: group === 'traits as they are now' };
      await fc.assert(
        fc.asyncProperty(each, data, async (ways, { text, at, amount }) => {
          const found = new Map<string, string[]>();
          for (const { name, door, spelling, time, ...sending } of ways) {
            const person = someone().padEnd(14, '.');
            const [who, device] = [`${person} M\u00FCller`, `${person}-device M\u00FCller`];
            const [saidWho, saidDevice] = [spelling(person), spelling(`${person}-device`)];
            await door({ who: saidWho, device: saidDevice, when: time(FIRST + at), text, amount, ...sending });
            const parts = { [who]: 'WHO', [device]: 'DEVICE' };
            const stored = [who, device].map((id) => storedUnder(id, stores, parts, receipt));
            expect(await stored[0]).not.toBe('nothing');
            const held = [...(await Promise.all(stored)), await exportedOf(who, service, parts, receipt)];
            found.set(held.join('\n'), [...(found.get(held.join('\n')) ?? []), name]);
          }
          expect([...found.values()]).toEqual([doors.map(([name]) => name)]);
        }),
        { numRuns: 6 },
      );
    },
  );
});
