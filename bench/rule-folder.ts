import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENTS, NUMBERS, WORDS, WORD_COUNT, type Person } from './people.ts';
import { between, pick, seeded } from './random.ts';

/** How many placements a generated rule folder has. */
export const PLACEMENTS = Array.from({ length: 50 }, (_, at) => `slot-${at}`);
/** What share of visitors each generated rule holds for, about. */
export const MATCHING = 0.03;

/** Numbers from 0 to 999 that a request's context brings along. */
export const CONTEXT_NUMBERS = Array.from({ length: 10 }, (_, at) => `context${at}`);

/** One leaf in so many asks for past behaviour. */
const WINDOW_LEAVES = 0.1;
const WINDOWS = ['1d', '7d', '30d'] as const;
const DAY_MS = 86_400_000;

interface Leaf {
  readonly condition: object;
  /** The share of visitors it holds for. */
  readonly share: number;
}

/**
 * Writes a rule folder: 50 placements, a tenth as many offers as rules, and rules of 2 to 5 leaves over 60 attributes
 * and windows of past behaviour, all of which must hold, so chosen that each rule holds for about 3 % of visitors.
 * `caps` are those of an offer, by its number.
 */
export async function writeRuleFolder(
  folder: string,
  count: number,
  { people, now, caps }: { people: readonly Person[]; now: number; caps?: (offer: number) => readonly object[] },
): Promise<void> {
  const random = seeded(7);
  const write = (kind: string, id: string, body: object) =>
    writeFile(join(folder, kind, `${id}.json`), JSON.stringify(body));
  await Promise.all(
    ['placements', 'offers', 'contextual'].map((kind) => mkdir(join(folder, kind), { recursive: true })),
  );
  const offers = Array.from({ length: Math.max(1, Math.round(count / 10)) }, (_, at) => `offer-${at}`);
  const sample = people.slice(0, 200);
  const rules = Array.from({ length: count }, (_, at) => ({
    id: `rule-${at}`,
    body: {
      name: `Rule ${at}`,
      placements: [PLACEMENTS[at % PLACEMENTS.length]],
      conditions: { all: leaves(sample, now, random) },
      event: { type: 'offer', params: { offer: pick(offers, random) } },
      priority: between(1, 100, random),
    },
  }));
  await write('offers', 'otherwise', { name: 'Otherwise', treatments: treatments('Good roads. Safe homes.') });
  for (const id of PLACEMENTS) await write('placements', id, { name: id, channel: 'web', fallback: 'otherwise' });
  for (const [at, id] of offers.entries())
    await write('offers', id, {
      name: id,
      ...(caps && { caps: caps(at) }),
      treatments: treatments('For you, {{ profile.firstName | default: "stranger" }}'),
    });
  for (const { id, body } of rules) await write('contextual', id, body);
}

function treatments(title: string): object {
  const content = {
    title,
    text: 'Cars, cameras and cover from one house, and people who pick up the phone.',
    image: '/img/hearthway.jpg',
  };
  return { '*': { content, actions: [{ type: 'link', label: 'Have a look', url: '/tour' }] } };
}

/** Each leaf makes up for what the ones before it hold for too often or too rarely. */
function leaves(people: readonly Person[], now: number, random: () => number): object[] {
  const count = between(2, 6, random);
  let left = MATCHING;
  const windowAt = random() < WINDOW_LEAVES * count ? 0 : -1;
  return Array.from({ length: count }, (_, at) => {
    const wanted = Math.min(0.95, left ** (1 / (count - at)));
    const leaf =
      at === windowAt ? windowLeaf(wanted, people, now, random) : attributeLeaf(wanted, random, at === count - 1);
    left = Math.min(1, left / Math.max(leaf.share, 0.001));
    return leaf.condition;
  });
}

/** Only the last leaf has to be exact, and numbers are. */
function attributeLeaf(wanted: number, random: () => number, exact: boolean): Leaf {
  return random() < 0.4 && !exact ? wordLeaf(wanted, random) : numberLeaf(wanted, random);
}

function wordLeaf(wanted: number, random: () => number): Leaf {
  const share = Math.max(1, Math.round(wanted * WORD_COUNT));
  const from = between(0, WORD_COUNT, random);
  const words = Array.from({ length: share }, (_, at) => `w${(from + at) % WORD_COUNT}`);
  const test = share === 1 ? { operator: 'equal', value: words[0] } : { operator: 'in', value: words };
  return { condition: { fact: 'profile', path: `$.${pick(WORDS, random)}`, ...test }, share: share / WORD_COUNT };
}

function numberLeaf(wanted: number, random: () => number): Leaf {
  const bound = Math.round(wanted * 1_000);
  const test =
    random() < 0.5
      ? { operator: 'lessThan', value: bound }
      : { operator: 'greaterThanInclusive', value: 1_000 - bound };
  const name = pick([...NUMBERS, ...CONTEXT_NUMBERS], random);
  return {
    condition: { fact: NUMBERS.includes(name) ? 'profile' : 'context', path: `$.${name}`, ...test },
    share: bound / 1_000,
  };
}

/** The count that comes nearest to what is wanted, as counted over some of the visitors. */
function windowLeaf(wanted: number, people: readonly Person[], now: number, random: () => number): Leaf {
  const event = pick(EVENTS.slice(0, 5), random);
  const within = pick(WINDOWS, random);
  const since = now - Number.parseInt(within, 10) * DAY_MS;
  const counts = people.map(
    ({ deeds }) => deeds.filter((deed) => deed.event === event && deed.timestamp >= since).length,
  );
  const shareOf = (least: number) => counts.filter((one) => one >= least).length / counts.length;
  const candidates = Array.from({ length: 40 }, (_, at) => ({ least: at + 1, share: shareOf(at + 1) }));
  const nearest = candidates.reduce((best, one) =>
    Math.abs(one.share - wanted) < Math.abs(best.share - wanted) ? one : best,
  );
  const params = { event, within, aggregate: 'count' };
  return {
    condition: { fact: 'interactions', params, operator: 'greaterThanInclusive', value: nearest.least },
    share: nearest.share,
  };
}
