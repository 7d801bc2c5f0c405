import { Body, Controller, HttpCode, Put, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { HistoryImporter } from '../visitors/care/history-importer.js';
import { bodyOf } from '../visitors/care/table-body.js';
import { importPropensities, type PropensitySummary } from './import-propensities.js';
import { PropensityTable } from './propensity-table.js';

/** What a model says of offers. */
@ApiTags('offers')
@Controller('v1/offers/propensities')
export class PropensitiesController {
  constructor(
    private readonly rulebooks: RulebookService,
    private readonly table: PropensityTable,
    private readonly importer: HistoryImporter,
  ) {}

  @Put()
  @Needs('server', { lane: 'streams', readsRows: true })
  @HttpCode(200)
  @ApiQuery({ name: 'delimiter', required: false, description: 'of a CSV, where it is not found out; one character' })
  @ApiOperation({
    summary:
      'How probable it is that offers are taken, by visitor or by segment: NDJSON of ' +
      '{ offer, propensity, visitorId } or { offer, propensity, segment }, or CSV of such columns',
  })
  @Answers('PropensitySummary')
  async put(
    @Body() body: unknown,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<PropensitySummary> {
    const { rulebooks, table, importer } = this;
    return importPropensities(bodyOf(body, query, request.headers), { rulebook: rulebooks.current(), table, importer });
  }
}
