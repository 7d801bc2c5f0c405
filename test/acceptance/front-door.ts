/** The API of a running service, as these checks use it. */

/** An answer of `POST /v1/decisions/batch`, as far as it is looked at. */
export interface Answer {
  readonly visitorId?: string;
  readonly served?: string;
  readonly decisions?: readonly { readonly placement: string; readonly items: readonly { readonly offer: string }[] }[];
}

/** Who got which offer, how many lines were not answered in full and in order, and how fast it went. */
export interface Decided {
  readonly offers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly notInFull: number;
  readonly perSecond: number;
}

/** A profile as `GET /v1/visitors/:id` tells it. */
export interface Profile {
  readonly ids: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly counters: Readonly<
    Record<string, { readonly count: number; readonly first: string; readonly last: string }>
  >;
  readonly interactions: readonly {
    readonly event: string;
    readonly timestamp: string;
    readonly channel: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}

const AT_ONCE = 16;

/** Decides these placements for everybody in one batch that changes nothing, as if it were `now`. */
export async function decideAll(
  url: string,
  ids: readonly string[],
  ask: { placements: readonly string[]; now: string },
): Promise<Decided> {
  const body = ids.map((visitorId) => `${JSON.stringify({ visitorId, ...ask, dryRun: true })}\n`).join('');
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/decisions/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  });
  const lines = (await response.text()).trimEnd().split('\n');
  const perSecond = (ids.length * 1_000) / (performance.now() - startedAt);
  const answers = lines.map((line) => JSON.parse(line) as Answer);
  const notInFull = ids.filter((id, at) => answers[at]?.visitorId !== id || answers[at].served !== 'full').length;
  return { offers: sortedByOffer(answers), notInFull: notInFull + answers.length - ids.length, perSecond };
}

function sortedByOffer(answers: readonly Answer[]): Map<string, Set<string>> {
  const offers = new Map<string, Set<string>>();
  for (const { visitorId = '', decisions = [] } of answers) {
    for (const offer of decisions.flatMap(({ items }) => items.map((item) => item.offer))) {
      offers.set(offer, (offers.get(offer) ?? new Set()).add(visitorId));
    }
  }
  return offers;
}

/** The profiles of visitors as they come, byte for byte, by id. Strangers are left out. */
export async function readProfiles(url: string, ids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waiting = ids.values();
  const reader = async () => {
    for (const id of waiting) {
      const response = await fetch(`${url}/v1/visitors/${encodeURIComponent(id)}`);
      const text = await response.text();
      if (response.ok) found.set(id, text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return found;
}

/** The ids whose profile is not the same, byte for byte, in both. */
export function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id) !== after.get(id)).length;
}
