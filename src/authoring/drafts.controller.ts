import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AuthorRates } from '../access/author-rates.js';
import { Needs } from '../access/needs.js';
import { DraftsService, type StandingDraft } from '../drafts/drafts.service.js';
import { toShownHead } from '../drafts/shown-draft.js';
import { Answers } from '../http/answers.js';
import { flag } from '../http/query-fields.js';
import { readFields } from '../http/read-fields.js';
import { answeredDraft, type AnsweredDraft, type DraftList } from './answered-draft.js';
import { MAX_DRAFT_BODY_BYTES, readBegin, readChange, readPublishDraft } from './draft-bodies.js';
import { draftRevision } from './release-version.js';
import type { PublishedRelease } from './releases.controller.js';
import { toShownSummary } from './shown-release.js';

/** Drafts: rules that are being written, checked as they are typed, and published when they are right. */
@ApiTags('rulebook')
@Controller('v1/rulebook/drafts')
export class DraftsController {
  constructor(
    private readonly drafts: DraftsService,
    private readonly rates: AuthorRates,
  ) {}

  @Post()
  @Needs('author', { maxBodyBytes: MAX_DRAFT_BODY_BYTES })
  @ApiOperation({ summary: 'Begin a draft: some rule files changed over a release. Says what is wrong with it' })
  @ApiBody({ schema: { $ref: '#/components/schemas/BeginDraftDto' } })
  @Answers('AnsweredDraft', 201)
  async begin(@Body() body: unknown, @Req() { usherWho: who }: FastifyRequest): Promise<AnsweredDraft> {
    this.rates.take('check', who);
    return this.checked(await this.drafts.begin(readBegin(body), { who, via: 'api' }));
  }

  @Get()
  @Needs('author')
  @ApiOperation({ summary: 'Every draft, the one that was changed last first' })
  @Answers('DraftList')
  async list(): Promise<DraftList> {
    const { live, drafts } = await this.drafts.list();
    return { ...(live !== undefined && { live }), drafts: drafts.map(toShownHead) };
  }

  @Get(':id')
  @Needs('author')
  @ApiOperation({ summary: 'One draft with the files that it changes' })
  @ApiQuery({ name: 'check', required: false, description: '`true` says what is wrong with it' })
  @Answers('AnsweredDraft')
  async get(
    @Param('id') id: string,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() { usherWho: who }: FastifyRequest,
  ): Promise<AnsweredDraft> {
    if (!readFields(query, { check: flag }).check) return answeredDraft(await this.drafts.find(id));
    this.rates.take('check', who);
    return this.checked(await this.drafts.find(id));
  }

  @Put(':id')
  @Needs('author', { maxBodyBytes: MAX_DRAFT_BODY_BYTES })
  @ApiOperation({ summary: 'Change a draft, or have it change another release. Says what is wrong with it' })
  @ApiBody({ schema: { $ref: '#/components/schemas/ChangeDraftDto' } })
  @Answers('AnsweredDraft')
  async change(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() { usherWho: who }: FastifyRequest,
  ): Promise<AnsweredDraft> {
    this.rates.take('check', who);
    const { ask, revision } = readChange(body);
    return this.checked(await this.drafts.change(id, revision, ask, { who, via: 'api' }));
  }

  @Delete(':id')
  @Needs('author')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a draft' })
  @ApiQuery({ name: 'revision', schema: { type: 'integer', minimum: 1 }, description: 'the one that is deleted' })
  @ApiNoContentResponse({ description: 'It is not there any more' })
  async remove(@Param('id') id: string, @Query() query: Readonly<Record<string, unknown>>): Promise<void> {
    const { revision } = readFields(query, { revision: draftRevision });
    await this.drafts.remove(id, revision);
  }

  @Post(':id/publish')
  @Needs('author')
  @ApiOperation({ summary: 'Make a draft the next release, which serves nobody yet. The draft ends' })
  @ApiBody({ schema: { $ref: '#/components/schemas/PublishDraftDto' } })
  @Answers('PublishedRelease', 201)
  async publish(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() { usherWho: who }: FastifyRequest,
  ): Promise<PublishedRelease> {
    this.rates.take('publish', who);
    const { revision, message } = readPublishDraft(body);
    const published = await this.drafts.publish(id, revision, { who, message });
    return { ...toShownSummary(published), isNew: published.isNew, notes: published.notes };
  }

  private checked(standing: StandingDraft): Promise<AnsweredDraft> {
    return answeredDraft(standing, this.drafts.check(standing.draft));
  }
}
