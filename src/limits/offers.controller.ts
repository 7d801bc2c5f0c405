import { Body, Controller, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Needs } from '../access/needs.js';
import { visitorStanding, type VisitorStanding } from '../engine/explain/visitor-standing.js';
import type { Offer } from '../engine/rulebook.js';
import { InvalidRequest, NotFound } from '../errors.js';
import { Answers } from '../http/answers.js';
import { bodyValidator } from '../http/validate-body.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { LimitStore } from '../stores/limit-store.js';
import { bodyOf } from '../visitors/care/table-body.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { offersIn, stockProblem, totalsIn } from './answering-offers.js';
import { importStock, type StockSummary } from './import-stock.js';
import { standingOf, totalsOf, type StandingLimit } from './offer-standing.js';
import { MOST_STOCK } from './stock-row.js';
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

/** How much is told to be there. */
export interface ToldStock {
  readonly offer: string;
  readonly left: number;
}

/** The body of `PUT /v1/offers/:id/stock`. */
export class StockDto {
  /** How many there are now; what is held for decisions is among them. */
  @IsInt()
  @Min(0)
  @Max(MOST_STOCK)
  left!: number;
}

const assertStock: (body: unknown) => asserts body is StockDto = bodyValidator(StockDto);

/** The offers of the live release, and what is left of them; those of a canary release count too. */
@ApiTags('offers')
@Controller('v1/offers')
export class OffersController {
  constructor(
    private readonly rulebooks: RulebookService,
    private readonly store: LimitStore,
    private readonly visitors: VisitorsService,
  ) {}

  @Get()
  @Needs('server')
  @ApiOperation({ summary: 'Every offer of the live release' })
  @Answers('OfferList')
  list(): OfferList {
    const { version, offers } = this.rulebooks.current();
    const listed = [...offers.values()].map((offer) => ({
      ...{ id: offer.id, name: offer.name, value: offer.value, limited: totalsOf(offer).length > 0 },
      ...(offer.group !== undefined && { group: offer.group }),
    }));
    return { version, offers: listed.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  }

  @Get(':id/limits')
  @Needs('server')
  @ApiQuery({ name: 'visitorId', required: false, description: 'any id of a person: what is left for them, too' })
  @ApiQuery({ name: 'channel', required: false, description: 'whose quiet hours and leases are looked at for them' })
  @ApiOperation({ summary: 'What is left of an offer, in total and for a person' })
  @Answers('OfferStanding')
  async limits(
    @Param('id') id: string,
    @Query() query: Readonly<Record<string, unknown>> = {},
  ): Promise<OfferStanding> {
    const asked = readVisitorAsked(query, (visitorId) => this.visitors.guardedProblem(visitorId, 'offers'));
    const [limits, visitor] = await Promise.all([this.inTotal(id), this.forVisitor(id, asked)]);
    return { offer: id, limits, ...(visitor && { visitor }) };
  }

  @Put(':id/stock')
  @Needs('server')
  @ApiOperation({ summary: 'How many there are of an offer whose file says "stock": goes on counting from there' })
  @ApiBody({ schema: { $ref: '#/components/schemas/StockDto' } })
  @Answers('ToldStock')
  async tellStock(@Param('id') id: string, @Body() body: unknown): Promise<ToldStock> {
    assertStock(body);
    const message = stockProblem(this.find(id), id);
    if (message !== undefined) throw new InvalidRequest([{ path: 'id', message }]);
    await this.store.setStock([{ offer: id, left: body.left }]);
    return { offer: id, left: body.left };
  }

  @Put('stock')
  @Needs('server', { lane: 'streams', readsRows: true })
  @ApiQuery({ name: 'delimiter', required: false, description: 'of a CSV, where it is not found out; one character' })
  @ApiOperation({ summary: 'How many there are of many offers: NDJSON of { offer, left }, or CSV of such columns' })
  @Answers('StockSummary')
  async tellStocks(
    @Body() body: unknown,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<StockSummary> {
    return importStock(bodyOf(body, query, request.headers), this.rulebooks.serving(), this.store);
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

  /** As every release has it that answers anybody. */
  private find(id: string): readonly Offer[] {
    const offers = offersIn(this.rulebooks.serving(), id);
    if (offers.length === 0) throw new NotFound(`There is no live offer "${id}"; GET /v1/offers lists them.`);
    return offers;
  }
}
