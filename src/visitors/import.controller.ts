import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { Needs } from '../access/needs.js';
import { UnsupportedMediaType } from '../errors.js';
import { HistoryImporter } from './care/history-importer.js';
import { importVisitors, type ImportSummary } from './care/import-visitors.js';

/** People from other systems. */
@ApiTags('visitors')
@Controller('v1/visitors/import')
export class ImportController {
  constructor(private readonly importer: HistoryImporter) {}

  @Post()
  @Needs('server')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'People from other systems, with traits, consents and whole histories: NDJSON of { visitorId, … }, ' +
      'or CSV of traits with a visitorId column',
  })
  async import(
    @Body() body: unknown,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<ImportSummary> {
    const type = request.headers['content-type'] ?? 'that is missing';
    if (!(body instanceof Readable)) throw new UnsupportedMediaType(type, 'application/x-ndjson or text/csv');
    return importVisitors(body, type.startsWith('text/csv') ? 'csv' : 'ndjson', this.importer);
  }
}
