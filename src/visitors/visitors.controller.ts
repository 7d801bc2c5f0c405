import { Body, Controller, Delete, Get, Header, HttpCode, Logger, Param, Patch, Put, Query } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import type { JsonObject } from '../engine/language/json.js';
import { InvalidRequest, NotFound } from '../errors.js';
import { Answers } from '../http/answers.js';
import { inPieces, type InPieces } from '../http/in-pieces.js';
import { readAddressId } from './intake/address-id.js';
import { readConsentBody } from './intake/consent-body.js';
import type { Memory } from './memory/memory.js';
import { readTimelineQuery } from './profile/timeline-query.js';
import { tellTimeline, type Timeline } from './profile/timeline.js';
import { traitsProblem } from './intake/traits-problem.js';
import { VisitorEraser } from './care/visitor-eraser.js';
import type { VisitorExport } from './care/visitor-export.js';
import { VisitorExporter } from './care/visitor-exporter.js';
import { readProfileQuery } from './profile/profile-query.js';
import type { VisitorProfile } from './profile/visitor-profile.js';
import { VisitorTeller } from './visitor-teller.js';
import { VisitorsService } from './visitors.service.js';

/** The single view of a person, across all channels. */
@ApiTags('visitors')
@Controller('v1/visitors')
export class VisitorsController {
  private readonly logger = new Logger('Visitors');

  constructor(
    private readonly visitors: VisitorsService,
    private readonly eraser: VisitorEraser,
    private readonly exporter: VisitorExporter,
    private readonly teller: VisitorTeller,
  ) {}

  @Get(':id')
  @Needs('desk')
  @ApiOperation({ summary: 'Everything a desk needs to know of a person, by any of their ids' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 0, maximum: 200, default: 10 } })
  @Answers('VisitorProfile')
  async get(
    @Param('id') given: string,
    @Query() query: Readonly<Record<string, unknown>> = {},
  ): Promise<VisitorProfile> {
    const { limit } = readProfileQuery(query);
    const id = readAddressId(given);
    return this.teller.tellWithDecisions(await this.find(id), id, limit);
  }

  @Get(':id/timeline')
  @Needs('desk')
  @ApiOperation({ summary: 'What the person did, newest first, page by page, with the sessions it belongs to' })
  @ApiQuery({ name: 'before', required: false, description: 'the `next` of the page before, or a time' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 } })
  @ApiQuery({ name: 'channel', required: false })
  @ApiQuery({ name: 'event', required: false })
  @Answers('Timeline')
  async timeline(@Param('id') id: string, @Query() query: Readonly<Record<string, unknown>>): Promise<Timeline> {
    const asked = readTimelineQuery(query);
    return tellTimeline(await this.find(id), id, asked, Date.now());
  }

  @Get(':id/export')
  @Needs('server')
  @ApiOperation({ summary: 'Everything held of the person, as schemas/visitor-export.json describes it' })
  @Answers('VisitorExport')
  @Header('content-type', 'application/json; charset=utf-8')
  async export(@Param('id') id: string): Promise<InPieces<VisitorExport>> {
    const pieces = (await this.exporter.export(readAddressId(id))) ?? refuseStranger(id);
    return inPieces(pieces, (why) => this.logger.error(`An export broke off: ${why}`));
  }

  @Delete(':id')
  @Needs('server')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase the person: all ids, all events, all that was decided. For a stranger there is nothing to do',
  })
  @ApiNoContentResponse({ description: 'Nothing is held of the person any more' })
  async erase(@Param('id') id: string): Promise<void> {
    await this.eraser.erase(readAddressId(id));
    // By its spelling too: a store from before ids had one rule may hold somebody under that alone.
    if (readAddressId(id) !== id) await this.eraser.erase(id);
  }

  @Patch(':id/traits')
  @Needs('server')
  @ApiOperation({ summary: 'Set traits as they are now; null removes one' })
  @ApiBody({ schema: { type: 'object', example: { plan: 'gold', interests: ['pets'] } } })
  @Answers('VisitorProfile')
  async patchTraits(@Param('id') id: string, @Body() body: unknown): Promise<VisitorProfile> {
    const traits = readTraits(body);
    await this.visitors.setTraits(this.ownId(id), traits);
    return this.tell(id);
  }

  @Put(':id/consents/:purpose')
  @Needs('server')
  @ApiOperation({ summary: 'What the person says about a purpose: granted or denied, for good or until a time' })
  @ApiBody({ schema: { type: 'object', example: { status: 'granted', until: '2027-11-21T00:00:00Z' } } })
  @Answers('VisitorProfile')
  async putConsent(
    @Param('id') id: string,
    @Param('purpose') purpose: string,
    @Body() body: unknown,
  ): Promise<VisitorProfile> {
    const consent = readConsentBody(purpose, body, Date.now());
    await this.visitors.setConsent(this.ownId(id), consent);
    return { ...(await this.tell(id)), ...(consent.clamped && { clamped: true }) };
  }

  /** Under which something may be remembered. What is held of a guarded one from before can be seen, and erased. */
  private ownId(given: string): string {
    const id = readAddressId(given);
    const message = this.visitors.guardedProblem(id, 'visitors');
    if (message === undefined) return id;
    throw new InvalidRequest([{ path: 'id', message }]);
  }

  private async tell(given: string): Promise<VisitorProfile> {
    const id = readAddressId(given);
    return this.teller.tell(await this.find(id), id);
  }

  private async find(id: string): Promise<Memory> {
    return (await this.visitors.find(readAddressId(id))) ?? refuseStranger(id);
  }
}

function refuseStranger(id: string): never {
  throw new NotFound(`Nobody is known by the id "${id.slice(0, 64)}".`);
}

function readTraits(body: unknown): JsonObject {
  const problem = traitsProblem(body);
  if (problem) throw new InvalidRequest([problem]);
  return body as JsonObject;
}
