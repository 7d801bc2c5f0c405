import { NAMES } from './check-shop.ts';
import { type Checklist, shown } from './checklist.ts';
import type { ShopEvent } from './count-independently.ts';
import { readProfiles, type Profile } from './front-door.ts';
import { sendAtRandom } from './send-at-random.ts';

/** What is sent, what ought to come of it, and the chance by which it is sent. */
export interface Sessions {
  readonly people: ReadonlyMap<string, readonly ShopEvent[]>;
  /** The profiles that the same events gave when each came with its user id and in order. */
  readonly plain: ReadonlyMap<string, string>;
  readonly seed: number;
}

type Identify = ReturnType<typeof identifyCall>;

/** Every how many sessions one is asked for by its own id. */
const SAMPLE_EVERY = 10;

/**
 * Sends a shop's events as anonymous sessions, each of which logs in at its end, at random to several services on one
 * store: whatever comes first, the people are the same ones that events with user ids in order had given.
 */
export async function checkSessions(
  urls: readonly string[],
  { people, plain, seed }: Sessions,
  list: Checklist,
): Promise<void> {
  const visits = [...people].flatMap(([user, events]) => tracked(user, events));
  const logins = [...people].flatMap(([user, events]) =>
    [...sessionsOf(events)].map(([session, ended], at) => identifyCall(user, session, { ended, at })),
  );
  const sent = await sendAtRandom(urls, [...visits, ...logins], seed);
  const note =
    `${shown(sent.perSecond)} events/s to ${urls.length} services, ${shown(sent.sentTwice)} sent twice, ` +
    `seed ${seed}`;
  // Which of two is the duplicate is not asked: where services meet at one visitor, the same event may have been stored
  // by either.
  list.equal('anonymous sessions that log in, at random: events acknowledged', sent.accepted + sent.duplicates, {
    wanted: visits.length + logins.length + sent.sentTwice,
    note,
  });
  list.equal('events refused', sent.refused, { wanted: 0 });

  const [url = ''] = urls;
  const joined = parsed(await readProfiles(url, [...people.keys()]));
  const wanted = parsed(plain);
  const holding = (holds: (user: string, got: Profile, want: Profile) => boolean) =>
    [...wanted].filter(([user, want]) => holds(user, joined.get(user) ?? NOBODY, want)).length;
  const everybody = { wanted: people.size };
  list.equal(
    'visitors with the interactions of the plain import',
    holding((_, got, want) => interactionsOf(got) === interactionsOf(want)),
    everybody,
  );
  list.equal(
    'visitors with the counters of the plain import',
    holding((_, got, want) => countersOf(got) === countersOf(want)),
    everybody,
  );
  const lastWords = lastWordsOf(logins);
  list.equal(
    'visitors with the traits of their last login',
    holding((user, got) => JSON.stringify(got.traits) === lastWords.get(user)),
    everybody,
  );
  const known = idsOf(logins);
  list.equal(
    'visitors known by all ids of the plain import and of their sessions',
    holding((user, got, want) => isSuperset(got.ids, [...want.ids, ...(known.get(user) ?? [])])),
    everybody,
  );

  const sample = logins.filter((_, at) => at % SAMPLE_EVERY === 0);
  const bySession = parsed(
    await readProfiles(
      url,
      sample.map(({ anonymousId }) => anonymousId),
    ),
  );
  const same = sample.filter(
    ({ userId, anonymousId }) =>
      interactionsOf(bySession.get(anonymousId) ?? NOBODY) === interactionsOf(wanted.get(userId) ?? NOBODY),
  );
  list.equal('of a sample of sessions, those that lead to their visitor by their own id', same.length, {
    wanted: sample.length,
  });
}

const NOBODY: Profile = { ids: [], traits: {}, counters: {}, interactions: [] };

function tracked(user: string, events: readonly ShopEvent[]) {
  return events.map(({ session, type, seconds, product, category, brand, price }, at) => ({
    ...{
      type: 'track',
      anonymousId: anonymous(user, session),
      messageId: `${user}-${at}`,
      event: NAMES[type],
      timestamp: iso(seconds * 1_000),
    },
    // As the mapping of the plain import reads them: an empty cell is no property.
    properties: {
      product_id: product,
      ...(category !== '' && { category_code: category }),
      ...(brand !== '' && { brand }),
      price,
    },
    context: { channel: 'web' },
  }));
}

/** The traits say which login they are of. `at` sets apart what ends in the same second. */
function identifyCall(user: string, session: string, { ended, at }: { readonly ended: number; readonly at: number }) {
  const traits = { lastSession: session, lastLogin: ended };
  return {
    type: 'identify',
    userId: user,
    anonymousId: anonymous(user, session),
    messageId: `${user}-login-${at}`,
    timestamp: iso(ended * 1_000 + at),
    traits,
  };
}

/** One session of the file is of two people: who did what in it can only be told apart by giving each their own. */
function anonymous(user: string, session: string): string {
  return `${session}/${user}`;
}

/** When each session saw its last event, in seconds. */
function sessionsOf(events: readonly ShopEvent[]): Map<string, number> {
  return new Map(events.map(({ session, seconds }) => [session, seconds]));
}

function lastWordsOf(logins: readonly Identify[]): Map<string, string> {
  const inOrder = logins.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  return new Map(inOrder.map(({ userId, traits }) => [userId, JSON.stringify(traits)]));
}

function idsOf(logins: readonly Identify[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { userId, anonymousId } of logins) ids.set(userId, [...(ids.get(userId) ?? []), anonymousId]);
  return ids;
}

/** Many events share a second; which of them came first is for the order of arrival to say, and that was chance. */
function interactionsOf({ interactions }: Profile): string {
  return JSON.stringify(
    interactions
      .map(({ event, timestamp, channel, properties }) =>
        JSON.stringify([event, timestamp, channel, sorted(properties)]),
      )
      .sort(),
  );
}

function countersOf({ counters }: Profile): string {
  return JSON.stringify(sorted(counters));
}

function sorted(members: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isSuperset(ids: readonly string[], wanted: readonly string[]): boolean {
  return new Set(ids).isSupersetOf(new Set(wanted));
}

function parsed(profiles: ReadonlyMap<string, string>): Map<string, Profile> {
  return new Map([...profiles].map(([id, text]) => [id, JSON.parse(text) as Profile]));
}

function iso(millis: number): string {
  return new Date(millis).toISOString();
}
