import { Body, Controller, Get, HttpCode, Logger, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requireScope } from '../access/access-guard.js';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import { wholeNumber } from '../http/query-fields.js';
import { readFields } from '../http/read-fields.js';
import { ReleasesService } from '../releases/releases.service.js';
import { RulesFolder } from '../releases/rules-folder.js';
import { ReleaseStore, type Rollout } from '../stores/release-store.js';
import { readActivation, readEnd, readRollback } from './release-bodies.js';
import { releaseVersion } from './release-version.js';
import { toShownEvent, toShownRollout, type ShownEvent, type ShownRollout } from './shown-release.js';

/** A page of the log, the newest first. */
export interface EventPage {
  readonly events: readonly ShownEvent[];
  /** What to send as `skip` for the next page; absent on the last. */
  readonly next?: number;
}

const PAGE = { limit: wholeNumber({ min: 1, max: 200, fallback: 50 }), skip: wholeNumber({ fallback: 0 }) };

/** Which releases serve, and the log of who did what. */
@ApiTags('rulebook')
@Controller('v1/rulebook')
export class RolloutController {
  private readonly logger = new Logger('Releases');

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
  @Answers('ShownRollout')
  async activate(
    @Param('version') text: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<ShownRollout> {
    this.requireApprover(request);
    const { version } = readFields({ version: text }, { version: releaseVersion });
    const { what, revision } = readActivation(body);
    return this.shown(await this.releases.activate(version, what, request.usherWho, revision));
  }

  @Post('end')
  @Needs('author')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the canary, whose visitors get the live release again, or the shadow' })
  @ApiBody({ schema: { $ref: '#/components/schemas/EndDto' } })
  @Answers('ShownRollout')
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
  @Answers('ShownRollout')
  async rollback(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ShownRollout> {
    this.requireApprover(request);
    return this.shown(await this.releases.rollback(request.usherWho, readRollback(body)));
  }

  @Get('rollout')
  @Needs('author')
  @ApiOperation({ summary: 'Which releases serve now, and which saved files wait since a rollback' })
  @Answers('ShownRollout')
  async rollout(): Promise<ShownRollout> {
    return this.shown(await this.store.rollout());
  }

  @Get('events')
  @Needs('author')
  @ApiOperation({ summary: 'Who published, activated, ended and rolled back what, when; newest first' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } })
  @ApiQuery({ name: 'skip', required: false, description: 'the `next` of the page before' })
  @Answers('EventPage')
  async events(@Query() query: Readonly<Record<string, unknown>>): Promise<EventPage> {
    const { limit, skip } = readFields(query, PAGE);
    const found = await this.store.events(limit + 1, skip);
    return { events: found.slice(0, limit).map(toShownEvent), ...(found.length > limit && { next: skip + limit }) };
  }

  /** What serves is answered even where the folder can't be read: a change is made by then, and not to be repeated. */
  private async shown(rollout: Rollout): Promise<ShownRollout> {
    const waiting = await this.folder.waiting().catch((error: unknown) => {
      this.logger.warn(
        `Which saved files wait can't be said now: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    });
    return toShownRollout(rollout, waiting);
  }

  /** Where releases are approved, those who may propose them may not let them serve. */
  private requireApprover(request: FastifyRequest): void {
    if (this.releases.approvals) requireScope(request, 'approver', 'What changes which releases serve');
  }
}
