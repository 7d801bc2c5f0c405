/** Invented visitors of the example business under `rules/`: the same ones on every run. */
import { between, pick, seeded } from './random.ts';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Something an invented visitor did. */
export interface Deed {
  readonly event: string;
  readonly timestamp: number;
  readonly channel: string;
  readonly properties: Record<string, Json>;
  readonly messageId: string;
}

/** An invented visitor. */
export interface Person {
  readonly id: string;
  readonly traits: Record<string, Json>;
  /** In order of time. */
  readonly deeds: readonly Deed[];
}

/** What generated rules may ask of a visitor: 30 numbers from 0 to 999, and 20 words. */
export const NUMBERS = Array.from({ length: 30 }, (_, at) => `number${at}`);
export const WORDS = Array.from({ length: 20 }, (_, at) => `word${at}`);
/** How many values each of the {@link WORDS} may have: `w0` to `w19`. */
export const WORD_COUNT = 20;

const DAY_MS = 86_400_000;
/** The oldest deed; under the 90 days that are kept. */
const OLDEST_DAYS = 60;

type Random = () => number;

/** How often, out of all deeds, and with which properties. */
const DEEDS: readonly (readonly [
  share: number,
  event: string,
  properties: (random: Random) => Record<string, Json>,
])[] = [
  [
    40,
    'Page Viewed',
    (random) => ({
      url:
        'https://hearthway.example/' +
        `${pick(['models', 'shop', 'circle', 'cover', 'care'], random)}/${between(1, 400, random)}`,
      title: 'Hearthway: good roads, safe homes',
      referrer: 'https://search.example/',
    }),
  ],
  [
    28,
    'Product Viewed',
    (random) => ({
      sku: `sku-${between(1, 900, random)}`,
      category: pick(['pets', 'cameras', 'tyres', 'chargers', 'lights'], random),
      line: pick(['cameras', 'cars', 'home'], random),
      price: between(9, 900, random),
    }),
  ],
  [
    14,
    'Model Viewed',
    (random) => ({
      model: pick(['Wren', 'Heron', 'Swift', 'Kite'], random),
      trim: pick(['base', 'plus', 'tour'], random),
      url: 'https://hearthway.example/models',
    }),
  ],
  [6, 'Application Opened', () => ({ version: '7.4.1', os: 'ios' })],
  [
    4,
    'Model Configured',
    (random) => ({
      model: pick(['Wren', 'Heron', 'Swift', 'Kite'], random),
      colour: pick(['moss', 'slate', 'rust'], random),
      price: between(21_000, 64_000, random),
    }),
  ],
  [
    3,
    'Support Contacted',
    (random) => ({
      minutes: between(2, 50, random),
      topic: pick(['charging', 'delivery', 'invoice'], random),
      case: `c-${between(1, 9_000, random)}`,
    }),
  ],
  [
    2,
    'Order Completed',
    (random) => ({
      line: pick(['cameras', 'cars', 'home'], random),
      revenue: between(20, 900, random),
      orderId: `o-${between(1, 90_000, random)}`,
    }),
  ],
  [1, 'Support Case Resolved', (random) => ({ case: `c-${between(1, 9_000, random)}` })],
  [1, 'Service Rated', (random) => ({ score: between(1, 11, random) })],
  [1, 'Test Drive Booked', (random) => ({ model: pick(['Wren', 'Heron'], random) })],
];
const SHARES = DEEDS.reduce((sum, [share]) => sum + share, 0);

/** The events that the visitors know, the frequent ones first. */
export const EVENTS = DEEDS.map(([, event]) => event);

/** How many visitors, and what each has. */
export interface Crowd {
  readonly people: number;
  /** Things done by each, none of them later than `now`. */
  readonly deeds: number;
  readonly now: number;
  /** Whether they have the traits that generated rules ask for. */
  readonly attributes: boolean;
}

/** Invents visitors. */
export function invent({ people, deeds, now, attributes }: Crowd): Person[] {
  const random = seeded(20_261_121);
  return Array.from({ length: people }, (_, at) => ({
    id: `visitor-${String(at).padStart(6, '0')}`,
    traits: { ...traits(random), ...(attributes && attributesOf(random)) },
    deeds: Array.from({ length: deeds }, () => deed(now, random)).sort((a, b) => a.timestamp - b.timestamp),
  }));
}

function traits(random: Random): Person['traits'] {
  return {
    firstName: pick(['Ada', 'Ben', 'Chloe', 'Dov', 'Esi'], random),
    interests: [pick(['pets', 'travel', 'garden', 'smart-home', 'music'], random)],
    ...(random() < 0.3 && { owns: [pick(['car', 'camera'], random)] }),
    ...(random() < 0.3 && { circleTier: pick(['silver', 'gold'], random) }),
    nearestShowroom: { name: 'Harbour Road', km: between(1, 90, random) },
  };
}

function attributesOf(random: Random): Person['traits'] {
  return {
    ...Object.fromEntries(NUMBERS.map((name) => [name, between(0, 1_000, random)])),
    ...Object.fromEntries(WORDS.map((name) => [name, `w${between(0, WORD_COUNT, random)}`])),
  };
}

function deed(now: number, random: Random): Deed {
  let left = random() * SHARES;
  const [, event, properties] = DEEDS.find(([share]) => (left -= share) < 0) ?? DEEDS[0] ?? [0, '', () => ({})];
  const word = () => between(0, 0x1_0000_0000, random).toString(16).padStart(8, '0');
  return {
    event,
    // Squared, so that the recent past is denser, as it is in life.
    timestamp: Math.floor(now - random() ** 2 * OLDEST_DAYS * DAY_MS),
    channel: pick(['web', 'web', 'web', 'app', 'email', 'call-centre'], random),
    properties: properties(random),
    messageId: `${word()}-${word().slice(4)}-7${word().slice(5)}-a${word().slice(5)}-${word()}${word().slice(4)}`,
  };
}
