import type {
  ContactExceptionDefinition,
  ContactLimitDefinition,
  ContactPolicyDefinition,
  SuppressionDefinition,
} from '../language/contact-definition.js';
import { parseDuration, type Millis } from '../language/millis.js';
import type { CapDefinition, CountedEvent, OfferDefinition } from '../language/offer-definition.js';
import { windowOf } from '../values/count-window.js';
import type { ContactLimit, Counted, OwnLimits, Suppression, TotalCap, VisitorCap } from './offer-limits.js';
import { compileQuietHours, type QuietHours } from './quiet-hours.js';

/** So long a decision keeps a place where the rule files do not say. */
export const USUAL_HOLD_MS = 30 * 60_000;
/** So long after a contact a goal counts where the rule files do not say. */
export const USUAL_GOAL_MS = 30 * 86_400_000;

/** The key of the counter of what is in stock. */
export const STOCK_KEY = 'stock';

/** What the contact policy says, by what it is about. Plain data. */
export interface ContactPolicy extends LeftAlone {
  readonly limits: readonly ContactLimit[];
  readonly groups: ReadonlyMap<string, Partial<LeftAlone>>;
  readonly offers: ReadonlyMap<string, Partial<LeftAlone>>;
}

/** After what, and when, nothing is offered. */
export interface LeftAlone {
  readonly suppression: readonly Suppression[];
  readonly quietHours: readonly QuietHours[];
}

/** What the file of an offer says of its limits; undefined where it says nothing. */
export function compileOwnLimits({ caps = [], stock, goal, transactional }: OfferDefinition): OwnLimits | undefined {
  if (caps.length === 0 && !stock && !goal && transactional !== true) return undefined;
  const totals = caps.filter(({ per }) => per === 'total').map(compileTotal);
  return {
    caps: caps.filter(({ per }) => per !== 'total').map(compileCap),
    totals: stock ? [...totals, compileStock(stock)] : totals,
    goal: goal && { event: goal.event, withinMs: millisOf(goal.within, USUAL_GOAL_MS) },
    isTransactional: transactional === true,
  };
}

/** The contact policy of a release; undefined where it has none. */
export function compileContactPolicy(written: ContactPolicyDefinition | undefined): ContactPolicy | undefined {
  if (!written) return undefined;
  const { limits = [], groups = {}, offers = {} } = written;
  return {
    suppression: [],
    quietHours: [],
    ...compileLeftAlone(written, ''),
    limits: limits.map((limit, at) => compileContactLimit(limit, `limits.${at}`)),
    groups: compileExceptions(groups, 'groups'),
    offers: compileExceptions(offers, 'offers'),
  };
}

function compileCap({ limit, placement, ...cap }: CapDefinition): VisitorCap {
  return { ...compileCounted(cap), limit, placement };
}

function compileTotal({ limit, placement, ...cap }: CapDefinition): TotalCap {
  const counted = compileCounted(cap);
  // What is counted in total is counted once, by the clocks of one place.
  const timeZone = cap.timeZone ?? 'UTC';
  return { ...counted, timeZone, limit, placement, key: keyOf(counted, timeZone, placement) };
}

function compileStock({ event = 'accepted', ...stock }: NonNullable<OfferDefinition['stock']>): TotalCap {
  const counted = compileCounted({ ...stock, event });
  return { ...counted, timeZone: 'UTC', limit: 'stock', placement: undefined, key: STOCK_KEY };
}

function compileCounted(written: {
  readonly event: CountedEvent;
  readonly within?: string;
  readonly timeZone?: string;
  readonly hold?: string;
}): Counted {
  const { event, within, timeZone, hold } = written;
  const holdMs = event === 'decided' ? 0 : millisOf(hold, USUAL_HOLD_MS);
  return { event, window: windowOf(within), within, timeZone, holdMs };
}

/** The limit is not part of it: a release that raises it keeps counting. */
function keyOf({ event, window }: Counted, timeZone: string, placement: string | undefined): string {
  const span = !window ? 'ever' : 'ms' in window ? `${window.ms}ms` : `${window.unit} ${timeZone}`;
  return placement === undefined ? `${event} ${span}` : `${event} ${span} in ${placement}`;
}

function compileContactLimit(written: ContactLimitDefinition, at: string): ContactLimit {
  const { name, limit, channels, groups = [], offers = [] } = written;
  return { ...compileCounted(written), at, name, limit, channels, groups, offers };
}

function compileExceptions(
  written: Readonly<Record<string, ContactExceptionDefinition>>,
  where: string,
): Map<string, Partial<LeftAlone>> {
  return new Map(Object.entries(written).map(([name, one]) => [name, compileLeftAlone(one, `${where}.${name}.`)]));
}

/** Only what is written, so that the rest stays as it is. */
function compileLeftAlone({ suppression, quietHours }: ContactExceptionDefinition, at: string): Partial<LeftAlone> {
  return {
    ...(suppression && {
      suppression: suppression.map((one, place) => compileSuppression(one, `${at}suppression.${place}`)),
    }),
    ...(quietHours && {
      quietHours: quietHours.map((one, place) => compileQuietHours(one, `${at}quietHours.${place}`)),
    }),
  };
}

function compileSuppression(written: SuppressionDefinition, at: string): Suppression {
  const { after, times = 1, within, group } = written;
  return {
    at,
    written,
    after,
    times,
    withinMs: millisOf(within, Infinity),
    forMs: millisOf(written.for, 0),
    groupMs: millisOf(group, 0),
  };
}

function millisOf(duration: string | undefined, otherwise: Millis): Millis {
  return duration === undefined ? otherwise : (parseDuration(duration) ?? otherwise);
}
