import { Body, Controller, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Needs } from '../access/needs.js';
import { InvalidRequest } from '../errors.js';
import { Answers } from '../http/answers.js';
import { bodyValidator } from '../http/validate-body.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { LimitStore } from '../stores/limit-store.js';
import { bodyOf } from '../visitors/care/table-body.js';
import { stockProblem } from './answering-offers.js';
import { importStock, type StockSummary } from './import-stock.js';
import { OffersService, type OfferList, type OfferStanding } from './offers.service.js';
import { MOST_STOCK } from './stock-row.js';

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
    private readonly offers: OffersService,
    private readonly rulebooks: RulebookService,
    private readonly store: LimitStore,
  ) {}

  @Get()
  @Needs('server')
  @ApiOperation({ summary: 'Every offer of the live release' })
  @Answers('OfferList')
  list(): OfferList {
    return this.offers.list();
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
    return this.offers.standing(id, query);
  }

  @Put(':id/stock')
  @Needs('server')
  @ApiOperation({ summary: 'How many there are of an offer whose file says "stock": goes on counting from there' })
  @ApiBody({ schema: { $ref: '#/components/schemas/StockDto' } })
  @Answers('ToldStock')
  async tellStock(@Param('id') id: string, @Body() body: unknown): Promise<ToldStock> {
    assertStock(body);
    const message = stockProblem(this.offers.find(id), id);
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
}
