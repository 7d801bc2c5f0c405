import { join } from 'node:path';
import { type Checklist, shown } from './checklist.ts';
import { NOW, type Expected, type ShopEvent } from './count-independently.ts';
import { decideAll, differing, readProfiles, type Profile } from './front-door.ts';
import { sendFile } from './send-file.ts';

/** A shop's events as they were counted from the file. */
export interface Shop {
  readonly folder: string;
  readonly people: ReadonlyMap<string, readonly ShopEvent[]>;
  readonly expected: Expected;
}

/** The names under which the shop's events are sent. */
export const NAMES: Readonly<Record<string, string>> = {
  view: 'Product Viewed',
  cart: 'Product Added',
  purchase: 'Order Completed',
};

/** Tracks the shop's events twice and decides for everybody; gives the profiles as they were in between. */
export async function checkShop(
  url: string,
  { folder, people, expected }: Shop,
  list: Checklist,
): Promise<Map<string, string>> {
  const ids = [...people.keys()];
  const track = () => sendFile('track', join(folder, 'rees46-events.csv'), { url, map: 'rees46.map.json' });

  const first = await track();
  list.equal('usher track: events accepted', first.accepted, {
    wanted: 17_434,
    note: `${shown(first.rowsPerSecond)} rows/s`,
  });
  list.equal('usher track: events refused', first.refused, { wanted: 0 });
  list.equal('usher track: visitors', first.visitors, { wanted: 4_504 });
  const before = await readProfiles(url, ids);
  list.equal('visitors whose timeline is that of the file, row by row', sameTimelines(before, people), {
    wanted: 4_504,
  });

  const second = await track();
  list.equal('usher track again: new events', second.accepted, {
    wanted: 0,
    note: `${shown(second.rowsPerSecond)} rows/s`,
  });
  list.equal('usher track again: already known', second.duplicates, { wanted: 17_434 });
  list.equal('profiles that are other bytes than before', differing(before, await readProfiles(url, ids)), {
    wanted: 0,
  });

  const decided = await decideAll(url, ids, { placements: [...expected.keys()], now: NOW });
  list.equal(`batch of ${expected.size} placements: answers not in full or not in order`, decided.notInFull, {
    wanted: 0,
    note: speed(decided.perSecond, expected),
  });
  for (const [offer, wanted] of expected) list.sameSet(offer, decided.offers.get(offer) ?? new Set(), wanted);
  return before;
}

/** How many requests of a batch were answered in a second, and how many placements that were. */
export function speed(perSecond: number, expected: Expected): string {
  return `${shown(Math.round(perSecond))} requests/s, ${shown(Math.round(perSecond * expected.size))} placements/s`;
}

function sameTimelines(profiles: ReadonlyMap<string, string>, people: Shop['people']): number {
  return [...people].filter(([id, events]) => timelineTold(profiles.get(id)) === timelineOf(events)).length;
}

function timelineTold(text: string | undefined): string {
  const { interactions } = JSON.parse(text ?? '{"interactions":[]}') as Profile;
  return JSON.stringify(
    interactions
      .toReversed()
      .map(({ event, timestamp, properties: { product_id, category_code, brand, price } }) => [
        event,
        Date.parse(timestamp),
        product_id,
        category_code ?? '',
        brand ?? '',
        price,
      ]),
  );
}

function timelineOf(events: readonly ShopEvent[]): string {
  return JSON.stringify(
    events.map(({ type, seconds, product, category, brand, price }) => [
      NAMES[type],
      seconds * 1_000,
      product,
      category,
      brand,
      price,
    ]),
  );
}
