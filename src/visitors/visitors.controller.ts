import { Body, Controller, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import type { JsonObject } from '../engine/types.js';
import { InvalidRequest, NotFound, UnsupportedMediaType } from '../errors.js';
import { importVisitors, type ImportSummary } from './import-visitors.js';
import { MAX_ID_LENGTH } from './incoming-event.js';
import { traitsProblem } from './traits-problem.js';
import { tellVisitor, type VisitorProfile } from './visitor-profile.js';
import { VisitorsService } from './visitors.service.js';

/** The single view of a person, across all channels. */
@ApiTags('visitors')
@Controller('v1/visitors')
export class VisitorsController {
  constructor(private readonly visitors: VisitorsService) {}

  @Get(':id')
  @ApiOperation({ summary: 'Everything a desk needs to know of a person, by any of their ids' })
  async get(@Param('id') id: string): Promise<VisitorProfile> {
    const memory = await this.visitors.find(checkId(id));
    if (!memory) throw new NotFound(`Nobody is known by the id "${id.slice(0, 64)}".`);
    return tellVisitor(memory, id);
  }

  @Patch(':id/traits')
  @ApiOperation({ summary: 'Set traits as they are now; null removes one' })
  @ApiBody({ schema: { type: 'object', example: { plan: 'gold', interests: ['pets'] } } })
  async patchTraits(@Param('id') id: string, @Body() body: unknown): Promise<VisitorProfile> {
    const traits = readTraits(body);
    await this.visitors.setTraits([{ visitorId: checkId(id), traits }]);
    return this.get(id);
  }

  @Post('import')
  @HttpCode(200)
  @ApiOperation({ summary: 'Traits from other systems: NDJSON of { visitorId, traits }, or CSV with a visitorId column' })
  async import(@Body() body: unknown, @Req() request: { headers: Record<string, string | undefined> }): Promise<ImportSummary> {
    const type = request.headers['content-type'] ?? 'that is missing';
    if (!(body instanceof Readable)) throw new UnsupportedMediaType(type, 'application/x-ndjson or text/csv');
    return importVisitors(body, type.startsWith('text/csv') ? 'csv' : 'ndjson', this.visitors);
  }
}

function checkId(id: string): string {
  if (id.length > MAX_ID_LENGTH) throw new InvalidRequest([{ path: 'id', message: `is longer than the limit of ${MAX_ID_LENGTH} characters` }]);
  return id;
}

function readTraits(body: unknown): JsonObject {
  const problem = traitsProblem(body);
  if (problem) throw new InvalidRequest([problem]);
  return body as JsonObject;
}
