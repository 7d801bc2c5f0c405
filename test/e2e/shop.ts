import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The rules of a small shop: a rule or two for each thing that the tests look at. */
const SHOP: Readonly<Record<string, object>> = {
  'placements/hero': { name: 'Hero', channel: 'web', count: 1, fallback: 'welcome' },
  'placements/cards': { name: 'Cards', channel: 'web', count: 2, fallback: 'welcome' },
  'placements/letter': { name: 'Letter', channel: 'email', count: 1 },
  'placements/banner': { name: 'Banner', count: 1 },
  'placements/season': { name: 'Season', count: 1 },
  'placements/talk': { name: 'Talk', channel: 'call-centre', count: 1, fallback: 'hello' },
  'placements/greeting': { name: 'Greeting', count: 1, fallback: 'hello' },

  'offers/welcome': offer('Welcome'),
  'offers/hello': offer('Hello {{ profile.firstName | default: "there" }}'),
  'offers/by-name': offer('{{ profile.firstName }}, this is for you'),
  'offers/camera': {
    name: 'Camera',
    treatments: {
      hero: {
        content: {
          title: 'See what {{ profile.petName | default: "your pet" }} does',
          nested: { image: '/pet.jpg', sizes: [1, 2] },
        },
        actions: [
          {
            type: 'link',
            label: 'See the cameras',
            url: '/cameras?from={{ context.page | default: "home" | url_encode }}',
          },
        ],
      },
      '*': { content: { title: 'Cameras' } },
    },
  },
  'offers/phone': offer('Last seen: {{ interactions["Product Viewed"].last.properties.sku }}'),
  'offers/app': {
    name: 'App',
    treatments: {
      web: { content: { title: 'The app, on the web' } },
      email: { content: { title: 'The app, by letter' } },
      '*': { content: { title: 'The app' } },
    },
  },
  'offers/newcomer': offer('New here?'),
  'offers/summer': { ...offer('Summer'), schedule: { from: '2026-06-01', until: '2026-09-01' } },
  'offers/winter': { ...offer('Winter'), schedule: { from: '2026-12-01', until: '2027-03-01' } },

  'segments/viewers': {
    name: 'Viewers',
    conditions: {
      all: [
        {
          fact: 'interactions',
          params: { event: 'Product Viewed', aggregate: 'count' },
          operator: 'greaterThanInclusive',
          value: 1,
        },
      ],
    },
  },

  'proactive/pets-see-cameras': rule(
    'camera',
    { all: [{ fact: 'profile', path: '$.interests', operator: 'contains', value: 'pets' }] },
    60,
    ['hero', 'cards'],
  ),
  'proactive/named-people': rule('by-name', { all: [] }, 90, ['greeting']),
  'proactive/summer': rule('summer', { all: [] }, 20, ['season']),
  'proactive/winter': rule('winter', { all: [] }, 10, ['season']),
  'contextual/viewed-a-product': rule('phone', { all: [{ condition: 'viewers' }] }, 50, ['hero', 'cards', 'letter']),
  'contextual/on-a-phone': rule(
    'app',
    { all: [{ fact: 'context', path: '$.device', operator: 'equal', value: 'mobile' }] },
    40,
    ['hero', 'cards', 'letter', 'banner'],
  ),
  'contextual/never-viewed': rule('newcomer', { all: [{ not: { condition: 'viewers' } }] }, 5, ['banner']),
};

/** The text of each rule file of the shop, by its path. */
export const SHOP_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SHOP).map(([path, definition]) => [`${path}.json`, JSON.stringify(definition)]),
);

/** Writes the rules of the shop as files under a folder. */
export async function writeShop(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(SHOP_FILES)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function offer(title: string): object {
  return { name: title, treatments: { '*': { content: { title } } } };
}

function rule(offerId: string, conditions: object, priority: number, placements: readonly string[]): object {
  return {
    name: `Puts ${offerId} forward`,
    placements,
    conditions,
    event: { type: 'offer', params: { offer: offerId } },
    priority,
  };
}
