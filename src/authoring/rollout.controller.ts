import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requireScope } from '../access/access-guard.js';
import { Needs } from '../access/needs.js';
import { ReleasesService } from '../releases/releases.service.js';
import { RulesFolder } from '../releases/rules-folder.js';
import { ReleaseStore, type Rollout } from '../stores/release-store.js';
import { LARGEST, readNumber, readVersion } from './read-query.js';
import { readActivation, readEnd, readRollback } from './release-bodies.js';
import { toShownEvent, toShownRollout, type ShownEvent, type ShownRollout } from './shown-release.js';

/** A page of the log, the newest first. */
export interface EventPage {
  readonly events: readonly ShownEvent[];
  /** What to send as `skip` for the next page; absent on the last. */
  readonly next?: number;
}

const PAGE = { min: 1, max: 200, fallback: 50 };

/** Which releases serve, and the log of who did what. */
@ApiTags('rulebook')
@Controller('v1/rulebook')
export class RolloutController {
  constructor(
    private readonly releases: ReleasesService,
    private readonly store: ReleaseStore,
    private readonly folder: RulesFolder,
  ) {}

  @Post('releases/:version/activate')
  @Needs('author')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Have a release serve: live for everybody, as a canary for a share of the visitors, or as a shadow for nobody',
  })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/ActivateDto' } })
  async activate(
    @Param('version') version: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<ShownRollout> {
    this.requireApprover(request);
    const { what, revision } = readActivation(body);
    const number = readVersion(version, 'version');
    return this.shown(await this.releases.activate(number, what, request.usherWho, revision));
  }

  @Post('end')
  @Needs('author')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the canary, whose visitors get the live release again, or the shadow' })
  @ApiBody({ schema: { $ref: '#/components/schemas/EndDto' } })
  async end(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ShownRollout> {
    this.requireApprover(request);
    const { what, revision } = readEnd(body);
    return this.shown(await this.releases.end(what, request.usherWho, revision));
  }

  @Post('rollback')
  @Needs('author')
  @HttpCode(200)
  @ApiOperation({ summary: 'Undo: end the canary where there is one, else have the release live that was before' })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/RollbackDto' } })
  async rollback(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ShownRollout> {
    this.requireApprover(request);
    return this.shown(await this.releases.rollback(request.usherWho, readRollback(body)));
  }

  @Get('rollout')
  @Needs('author')
  @ApiOperation({ summary: 'Which releases serve now, and which saved files wait since a rollback' })
  async rollout(): Promise<ShownRollout> {
    return this.shown(await this.store.rollout());
  }

  @Get('events')
  @Needs('author')
  @ApiOperation({ summary: 'Who published, activated, ended and rolled back what, when; newest first' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } })
  @ApiQuery({ name: 'skip', required: false, description: 'the `next` of the page before' })
  async events(@Query('limit') limit?: unknown, @Query('skip') skip?: unknown): Promise<EventPage> {
    const [wanted, from] = [readNumber(limit, 'limit', PAGE), readNumber(skip, 'skip', { max: LARGEST, fallback: 0 })];
    const found = await this.store.events(wanted + 1, from);
    return { events: found.slice(0, wanted).map(toShownEvent), ...(found.length > wanted && { next: from + wanted }) };
  }

  private async shown(rollout: Rollout): Promise<ShownRollout> {
    return toShownRollout(rollout, await this.folder.waiting());
  }

  /** Where releases are approved, those who may propose them may not let them serve. */
  private requireApprover(request: FastifyRequest): void {
    if (this.releases.approvals) requireScope(request, 'approver', 'What changes which releases serve');
  }
}
