import { Body, Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { Needs } from '../access/needs.js';
import { charsetIn } from '../doors/bytes/charset-in.js';
import { UnsupportedMediaType } from '../errors.js';
import { Answers } from '../http/answers.js';
import { once } from '../http/query-fields.js';
import { readFields, Refused } from '../http/read-fields.js';
import { HistoryImporter } from './care/history-importer.js';
import { importVisitors, type ImportSummary } from './care/import-visitors.js';

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
    const type = request.headers['content-type'] ?? 'that is missing';
    if (!(body instanceof Readable)) throw new UnsupportedMediaType(type, 'application/x-ndjson or text/csv');
    const { delimiter } = readFields(query, { delimiter: once(readDelimiter, 1) }, { unknown: 'ask with' });
    const format = type.toLowerCase().startsWith('text/csv') ? 'csv' : 'ndjson';
    // What is left of a body that is refused is not destroyed: the answer goes out over the same connection.
    const bytes = body.iterator({ destroyOnReturn: false });
    return importVisitors({ bytes, format, charset: charsetIn(type), delimiter }, this.importer);
  }
}

function readDelimiter(text: string): string | Refused {
  return /["\r\n]/.test(text) ? new Refused('must be one character, neither a quote nor a line break') : text;
}
