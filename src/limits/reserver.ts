import { Injectable, Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import type { PlacementDecision } from '../engine/answer.js';
import type { DecideInput } from '../engine/decision-run.js';
import type { Millis } from '../engine/language/millis.js';
import type { KnownLimits } from '../engine/limits/known-limits.js';
import { reservationsOf, type Reservation } from '../engine/limits/reservations.js';
import { Recurring } from '../recurring.js';
import { LimitStore, type Granted } from '../stores/limit-store.js';
import type { VisitorStore } from '../stores/visitor-store.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { OwnPlaces } from './own-places.js';
import type { Reserving } from './reserving.js';
import { SpentOffers, withSpent, type Spent } from './spent-offers.js';
import { TotalPlaces } from './total-places.js';

/** A decision under way: what it was made from, and what was made. */
export interface Attempt<Made> {
  readonly input: DecideInput;
  readonly visitor: SeenVisitor | undefined;
  readonly made: Made;
}

/** How it is decided again. */
export interface Deciding<Made> extends Reserving {
  decide(input: DecideInput): Made;
  /** Who the visitor is by documents that were just read. */
  view(documents: Pick<VisitorStore, 'load'>): Promise<SeenVisitor | undefined>;
}

type Decided = { readonly decisions: readonly PlacementDecision[] };

/** So often places are asked for; where one was gone each time, no offer that is limited is made. */
const MOST_TRIES = 4;

/**
 * Takes the places that an answer needs: of caps, contact limits and leases. Where one is refused it is decided again,
 * as another offer may stand there; what can't be known is not offered. No answer goes out with an offer whose place is
 * not taken.
 */
@Injectable()
export class Reserver {
  private readonly logger = new Logger('limits');
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  private readonly spent = new SpentOffers();
  private readonly totals: TotalPlaces;
  private readonly own: OwnPlaces;
  private readonly reservations = metrics
    .getMeter('usher')
    .createCounter('usher_reservations', { description: 'Places of limited offers that were asked for' });

  constructor(
    visitors: VisitorsService,
    private readonly store: LimitStore,
  ) {
    const failed = (error: unknown) => this.failures.note('kept', `places are not given back: ${String(error)}`);
    this.totals = new TotalPlaces(store, failed);
    this.own = new OwnPlaces(visitors, failed);
  }

  /** What is known of limits in total before a decision; undefined where none is known to be reached. */
  known(now: Millis): KnownLimits | undefined {
    return this.spent.known(now);
  }

  /** Whether the answer needs any place: mostly it does not, and nobody waits. */
  isNeeded(attempt: Attempt<Decided>): boolean {
    return neededBy(attempt).length > 0;
  }

  /** The decision as it can be answered: each place that it needs is taken, until its hold is over. Never rejects. */
  async settle<Made extends Decided>(first: Attempt<Made>, deciding: Deciding<Made>): Promise<Attempt<Made>> {
    const taken = new Map<string, Reservation>();
    // What an earlier run of the same decision had taken may have been answered: it is not given back.
    const fresh = new Set<Reservation>();
    let attempt = first;
    for (let tries = 1; ; tries++) {
      const wanted = neededBy(attempt).filter((one) => !taken.has(keyOf(one)));
      if (wanted.length === 0) break;
      const asked = tries < MOST_TRIES ? await this.ask(wanted, attempt, deciding) : NOT_KNOWN;
      for (const one of asked.taken) taken.set(keyOf(one), one);
      for (const one of asked.fresh) fresh.add(one);
      if (asked.taken.length === wanted.length) break;
      attempt = again(attempt, asked, deciding);
    }
    const needed = new Set(neededBy(attempt).map(keyOf));
    const unneeded = [...taken.values()].filter((one) => fresh.has(one) && !needed.has(keyOf(one)));
    void this.totals.giveBack(unneeded, deciding);
    void this.own.giveBack(unneeded, deciding);
    return attempt;
  }

  /** What a dry run comes to: places in total are looked at, and none is taken. Never rejects. */
  async look<Made extends Decided>(
    first: Attempt<Made>,
    deciding: Pick<Deciding<Made>, 'decide' | 'within'>,
  ): Promise<Attempt<Made>> {
    let attempt = first;
    for (let tries = 1; ; tries++) {
      const wanted = neededBy(attempt).filter(({ totals }) => totals.length > 0);
      if (wanted.length === 0) return attempt;
      const spent = tries < MOST_TRIES ? await this.spentOf(wanted, deciding) : undefined;
      if (spent?.length === 0) return attempt;
      attempt = again(attempt, spent ? { spent, newer: undefined } : NOT_KNOWN, deciding);
    }
  }

  private async ask<Made>(
    wanted: readonly Reservation[],
    { visitor }: Attempt<Made>,
    deciding: Deciding<Made>,
  ): Promise<Asked> {
    const inTotal = wanted.filter(({ totals }) => totals.length > 0);
    const [ofTotals, ofOwn] = await Promise.all([
      this.totals.take(inTotal, deciding),
      this.own.take(wanted, deciding, visitor),
    ]);
    const isInTotal = (one: Reservation) => one.totals.length === 0 || ofTotals?.[inTotal.indexOf(one)]?.granted;
    const isOwn = (one: Reservation) => ofOwn?.granted[wanted.indexOf(one)];
    const isFresh = (one: Reservation) => {
      const granted = ofTotals?.[inTotal.indexOf(one)];
      return !granted?.granted || !granted.known;
    };
    // What only one of the two granted goes back.
    void this.totals.giveBack(
      ofTotals ? inTotal.filter((one) => isInTotal(one) && !isOwn(one) && isFresh(one)) : [],
      deciding,
    );
    void this.own.giveBack(ofOwn ? wanted.filter((one) => isOwn(one) && !isInTotal(one)) : [], deciding);
    const taken = wanted.filter((one) => isInTotal(one) && isOwn(one));
    const fresh = taken.filter(isFresh);
    const isKnown = ofTotals !== undefined && ofOwn !== undefined;
    this.count(taken.length, 'granted');
    this.count(wanted.length - taken.length, isKnown ? 'refused' : 'unknown');
    if (!isKnown) return { ...NOT_KNOWN, taken, fresh };
    const spent = inTotal.flatMap(({ offer }, at) => refusalIn(offer, ofTotals[at]));
    for (const one of spent) this.spent.note(one, deciding.now);
    const newer = ofOwn.documents && (await deciding.view(ofOwn.documents));
    return { taken, fresh, spent, newer };
  }

  /** The counters that have no place left for these; undefined where it can't be known. */
  private async spentOf(
    wanted: readonly Reservation[],
    { within }: Pick<Reserving, 'within'>,
  ): Promise<readonly Spent[] | undefined> {
    const asked = wanted.map(({ offer, totals }) => ({ offer, counters: totals }));
    const left = await within(() => this.store.left(asked));
    if (!('value' in left)) return undefined;
    return wanted.flatMap(({ offer }, at) =>
      (left.value[at] ?? [])
        .filter(({ limit, confirmed, held }) => limit === undefined || confirmed + held >= limit)
        .map(({ key, freesAt }) => ({ offer, key, ...(freesAt !== undefined && { freesAt }) })),
    );
  }

  private count(places: number, outcome: 'granted' | 'refused' | 'unknown'): void {
    if (places > 0) this.reservations.add(places, { outcome });
  }
}

/** What came of asking for places. */
interface Asked {
  readonly taken: readonly Reservation[];
  /** Of those, what was not taken before. */
  readonly fresh: readonly Reservation[];
  /** The counters that had no place left; `unknown` where nobody can tell. */
  readonly spent: readonly Spent[] | 'unknown';
  /** The visitor as they were found to be meanwhile, where they had no place left. */
  readonly newer: SeenVisitor | undefined;
}

const NOT_KNOWN: Asked = { taken: [], fresh: [], spent: 'unknown', newer: undefined };

function again<Made>(
  { input, visitor }: Attempt<Made>,
  { spent, newer = visitor }: Omit<Asked, 'taken' | 'fresh'>,
  { decide }: Pick<Deciding<Made>, 'decide'>,
): Attempt<Made> {
  const limits: KnownLimits | undefined =
    spent === 'unknown'
      ? { ...input.limits, spent: input.limits?.spent ?? new Map(), unknown: true }
      : withSpent(input.limits, spent);
  const next = { ...input, visitor: newer?.view, ...(limits && { limits }) };
  return { input: next, visitor: newer, made: decide(next) };
}

function neededBy({ input, made }: Attempt<Decided>): readonly Reservation[] {
  return reservationsOf(made.decisions, input);
}

/** An item is one offer in one placement. */
function keyOf({ placement, offer }: Reservation): string {
  return `${placement}\n${offer}`;
}

function refusalIn(offer: string, granted: Granted | undefined): Spent[] {
  if (!granted || granted.granted) return [];
  const { key, freesAt } = granted;
  return [{ offer, key, ...(freesAt !== undefined && { freesAt }) }];
}
