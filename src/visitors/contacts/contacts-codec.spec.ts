import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contacts as anyContacts } from '../../../test/arbitraries/memories.js';
import { contactEvents, itemRef, type Contact } from '../../engine/visitor/contacts.js';
import { CorruptDocument } from '../../errors.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { writeTexts } from '../bytes/texts-codec.js';
import { countOffers, EVENTS, readContacts, writeContacts } from './contacts-codec.js';
import { withContacts, type RememberedContacts } from './remembered-contacts.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');

function bytesOf(of: RememberedContacts): Buffer {
  const writer = new ByteWriter();
  writeContacts(writer, of);
  return writer.finish();
}

/** Twenty offers of the last month, each decided and held, and shown soon after. */
function ofTwentyOffers(): RememberedContacts {
  const contacts = Array.from({ length: 20 }, (_, id): Contact[] => {
    const [offer, at] = [`offer-${id}`, NOW - ((id * 7_919) % 720) * 3_600_000 - id * 12_345];
    const item = { offer, ref: itemRef(`decision-${id}`, 'home.hero'), placement: 'home.hero', channel: 'web' };
    return [
      { ...item, event: 'decided', at, channel: 'server', heldUntil: at + 1_800_000 },
      { ...item, event: 'shown', at: at + 700 + 37 * id },
    ];
  });
  return { contacts: contacts.flat(), goals: [] };
}

describe('contacts as bytes', () => {
  test('come back as they went in', () => {
    fc.assert(
      fc.property(anyContacts, (of) => {
        if (!of) return;
        const read = readContacts(new ByteReader(bytesOf(of)));
        expect(withContacts(undefined, read)).toEqual(of);
        expect(countOffers(new ByteReader(bytesOf(of)))).toBe(new Set(of.contacts.map(({ offer }) => offer)).size);
      }),
      { numRuns: 500 },
    );
  });

  test('that were damaged are refused or read as others, and nothing else happens', () => {
    fc.assert(
      fc.property(anyContacts, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (of, at, bits, isCut) => {
        if (!of) return;
        const bytes = bytesOf(of);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ bits;
        try {
          readContacts(new ByteReader(isCut ? bytes.subarray(0, at % bytes.length) : bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptDocument);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('number every event, and none anew', () => {
    expect(EVENTS).toEqual(['decided', 'released', 'shown', 'clicked', 'accepted', 'dismissed', 'rated']);
    expect([...contactEvents].sort()).toEqual([...EVENTS].sort());
  });

  test('of 20 offers with two contacts each take less than 300 bytes beside their ids', () => {
    const all = ofTwentyOffers();
    const ids = new ByteWriter();
    writeTexts(ids, [...new Set(all.contacts.toSorted((a, b) => a.at - b.at).map(({ offer }) => offer))]);
    expect(bytesOf(all).length - ids.position).toBeLessThan(300);
  });
});
