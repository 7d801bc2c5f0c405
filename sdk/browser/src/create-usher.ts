import { openAsking } from './asking.js';
import { hearConsent } from './consent.js';
import type { Answer, DecidedItem, Outcome, Rating } from './decision.js';
import { address, followPage, whenLookedAt } from './follow-page.js';
import type { UsherOptions } from './options.js';
import { openOutbox } from './outbox.js';
import { openReports } from './reports.js';
import { safely } from './safely.js';
import { openSlots } from './slots.js';

const channel = 'web';

/** What a page can ask of the kit. Nothing of it throws, and no promise rejects. */
export interface Usher {
  /** The items for a placement, none where they can't be had. All that is asked in one go is asked in one request. */
  decide(placement: string, count?: number): Promise<readonly DecidedItem[]>;
  /** Whoever draws an item says where: views of it and clicks are reported then. */
  watch(element: HTMLElement, item: DecidedItem): void;
  /** What became of an item; each outcome of it is said once. */
  report(item: DecidedItem, outcome: Outcome, rating?: Rating): void;
  /** An event of the tracking API, such as `{ type: 'track', event: 'Product Viewed' }`. */
  say(event: object): void;
  /** Whether something may be kept on the device. A no takes away what is kept. */
  consent(isGranted: boolean): void;
  /** Fills the slots that are new; those put into the page are seen without it. */
  refresh(): void;
  /** Another page, though none was loaded: all is decided anew. */
  page(): void;
}

/** Makes a kit, which begins in a moment; in a page that is rendered in advance, when somebody looks at it. */
export function createUsher(options: UsherOptions): Usher {
  const { url, key, visitorId, identity, timeout = 400, name = 'usher', root = document } = options;
  const common = { writeKey: key, context: { channel, identityProof: identity } };
  const [sayIt, flush, ownId, allow] = openOutbox(`${url}/v1/batch`, name, common);
  const id = (): string => visitorId ?? ownId();
  const say = (event: object): void => sayIt({ anonymousId: id(), ...event });
  const [watch, report] = openReports(root, say);
  const lookedAt = whenLookedAt();
  let hear!: () => void;
  // Nobody is waited for longer: a stranger's decision is better than none.
  const heard = new Promise<void>((over) => setTimeout((hear = over), +timeout / 2));
  const consent = (isGranted: boolean): void => {
    allow(isGranted);
    hear();
  };
  const asking = openAsking(async (placements) => {
    await lookedAt;
    const signal = AbortSignal.timeout?.(+timeout);
    await heard;
    const context = { url: location.href, locale: navigator.language, ...options.context };
    const response = await fetch(`${url}/v1/decisions`, {
      method: 'POST',
      headers: { ...(key && { authorization: `Bearer ${key}` }), ...(identity && { 'x-usher-identity': identity }) },
      body: JSON.stringify({ visitorId: id(), placements, channel, context }),
      signal,
    });
    const answer = (await response.json()) as Answer;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is caught and told, as the service says it
    if (!response.ok) throw answer;
    return answer;
  });
  const [ask, , learn, forget] = asking;
  const [fill, reset] = openSlots(root, asking, watch);
  let decidedAt = address();
  const page = safely(() => {
    decidedAt = address();
    forget();
    reset();
    fill();
  });
  void lookedAt.then(
    safely(() => {
      hearConsent(options.consent, consent);
      followPage(root, learn, fill);
      addEventListener('popstate', () => decidedAt !== address() && page());
      for (const type of ['visibilitychange', 'online']) addEventListener(type, () => flush(document.hidden));
    }),
  );
  return {
    decide: ask,
    watch: safely(watch),
    report: safely(report),
    say: safely(say),
    consent: safely(consent),
    refresh: safely(fill),
    page,
  };
}
