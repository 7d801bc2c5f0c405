import { Body, Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import { HistoryImporter } from './care/history-importer.js';
import { importVisitors, type ImportSummary } from './care/import-visitors.js';
import { bodyOf } from './care/table-body.js';

/** People from other systems. */
@ApiTags('visitors')
@Controller('v1/visitors/import')
export class ImportController {
  constructor(private readonly importer: HistoryImporter) {}

  @Post()
  @Needs('server', { lane: 'streams', readsRows: true })
  @HttpCode(200)
  @ApiQuery({ name: 'delimiter', required: false, description: 'of a CSV, where it is not found out; one character' })
  @ApiOperation({
    summary:
      'People from other systems, with traits, consents and whole histories: NDJSON of { visitorId, … }, ' +
      'or CSV of traits with a visitorId column',
  })
  @Answers('ImportSummary')
  async import(
    @Body() body: unknown,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<ImportSummary> {
    return importVisitors(bodyOf(body, query, request.headers), this.importer);
  }
}
