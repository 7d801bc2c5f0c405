import { Injectable } from '@nestjs/common';
import { visitorStanding, type VisitorStanding } from '../engine/explain/visitor-standing.js';
import type { Offer } from '../engine/rulebook.js';
import { NotFound } from '../errors.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { LimitStore } from '../stores/limit-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { offersIn, totalsIn } from './answering-offers.js';
import { standingOf, totalsOf, type StandingLimit } from './offer-standing.js';
import { readVisitorAsked, type VisitorAsked } from './visitor-asked.js';

/** An offer of the live release. */
export interface ListedOffer {
  readonly id: string;
  readonly name: string;
  readonly group?: string;
  readonly value: number;
  /** Whether it is limited in total. */
  readonly limited: boolean;
}

/** Every offer of the live release, by id. */
export interface OfferList {
  readonly version: number;
  readonly offers: readonly ListedOffer[];
}

/** How the limits of an offer stand. */
export interface OfferStanding {
  readonly offer: string;
  /** Those that count for all together. */
  readonly limits: readonly StandingLimit[];
  /** Those that go by the visitor; only where one was asked for. */
  readonly visitor?: VisitorStanding;
}

/** The offers of the releases that answer anybody, and how their limits stand. */
@Injectable()
export class OffersService {
  constructor(
    private readonly rulebooks: RulebookService,
    private readonly store: LimitStore,
    private readonly visitors: VisitorsService,
  ) {}

  /** Those of the live release. */
  list(): OfferList {
    const { version, offers } = this.rulebooks.current();
    const listed = [...offers.values()].map((offer) => ({
      ...{ id: offer.id, name: offer.name, value: offer.value, limited: totalsOf(offer).length > 0 },
      ...(offer.group !== undefined && { group: offer.group }),
    }));
    return { version, offers: listed.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  }

  /**
   * What is left of an offer, in total and for the person whom the query names, if any. Throws {@link NotFound}, and
   * `InvalidRequest` for a query that is not as it should be.
   */
  async standing(id: string, query: Readonly<Record<string, unknown>>): Promise<OfferStanding> {
    const asked = readVisitorAsked(query, (visitorId) => this.visitors.guardedProblem(visitorId, 'offers'));
    const [limits, visitor] = await Promise.all([this.inTotal(id), this.forVisitor(id, asked)]);
    return { offer: id, limits, ...(visitor && { visitor }) };
  }

  /** As every release has it that answers anybody. Throws {@link NotFound}. */
  find(id: string): readonly Offer[] {
    const offers = offersIn(this.rulebooks.serving(), id);
    if (offers.length === 0) throw new NotFound(`There is no live offer "${id}"; GET /v1/offers lists them.`);
    return offers;
  }

  private async inTotal(id: string): Promise<readonly StandingLimit[]> {
    const caps = totalsIn(this.find(id));
    if (caps.length === 0) return [];
    const [left = []] = await this.store.left([{ offer: id, counters: caps }]);
    return caps.flatMap((cap, at) => {
      const standing = left[at];
      return standing ? [standingOf(cap, standing)] : [];
    });
  }

  /** By the release that serves them. */
  private async forVisitor(id: string, { visitorId, channel }: VisitorAsked): Promise<VisitorStanding | undefined> {
    if (visitorId === undefined) return undefined;
    const { view } = await this.visitors.view(visitorId);
    const rulebook = this.rulebooks.serving().for(view.bucketId ?? visitorId);
    const request = { placements: [], context: {}, ...(channel !== undefined && { channel }) };
    return visitorStanding(id, { request, visitor: view, rulebook, now: Date.now() });
  }
}
