import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import { flag, wholeNumber } from '../http/query-fields.js';
import { readFields } from '../http/read-fields.js';
import type { ReleaseDiff } from '../releases/diff-releases.js';
import { ReleasesService } from '../releases/releases.service.js';
import { ReleaseStore } from '../stores/release-store.js';
import { AuthorRates } from '../access/author-rates.js';
import { MAX_FILES_BYTES, readCandidate, readPublish } from './release-bodies.js';
import { releaseVersion } from './release-version.js';
import { shadowReport, type ShadowReport } from './shadow-report.js';
import { toShownCheck, type ShownCheck } from './shown-check.js';
import { toShownRelease, toShownSummary, type ShownRelease, type ShownSummary } from './shown-release.js';

/** A release as it was published, or as it was there before. */
export interface PublishedRelease extends ShownSummary {
  /** False where the latest release has these very files: that one is given back. */
  readonly isNew: boolean;
  readonly notes: readonly string[];
}

/** A page of releases, the newest first. */
export interface ReleasePage {
  readonly releases: readonly ShownSummary[];
  /** What to send as `before` for the next page; absent on the last. */
  readonly next?: number;
}

/** What a query holds: its parts as texts; what comes twice is a list. */
type QueryParts = Readonly<Record<string, unknown>>;

const PAGE = {
  limit: wholeNumber({ min: 1, max: 200, fallback: 50 }),
  before: wholeNumber({ min: 1, fallback: undefined }),
};

/** Releases of the rulebook: checked, published, looked at. */
@ApiTags('rulebook')
@Controller('v1/rulebook')
export class ReleasesController {
  constructor(
    private readonly releases: ReleasesService,
    private readonly store: ReleaseStore,
    private readonly rates: AuthorRates,
  ) {}

  @Post('check')
  @Needs('author', { maxBodyBytes: MAX_FILES_BYTES })
  @HttpCode(200)
  @ApiOperation({
    summary: 'What rule files would come to as a release: problems, failing cases, notes. Changes nothing',
  })
  @ApiBody({ schema: { $ref: '#/components/schemas/CandidateDto' } })
  @Answers('ShownCheck')
  async check(@Body() body: unknown, @Req() { usherWho: who }: FastifyRequest): Promise<ShownCheck> {
    this.rates.take('check', who);
    return toShownCheck(await this.releases.check(readCandidate(body)));
  }

  @Post('releases')
  @Needs('author', { maxBodyBytes: MAX_FILES_BYTES })
  @ApiOperation({ summary: 'Publish rule files as the next release, which serves nobody yet' })
  @ApiBody({ schema: { $ref: '#/components/schemas/PublishDto' } })
  @Answers('PublishedRelease', 201)
  async publish(@Body() body: unknown, @Req() { usherWho: who }: FastifyRequest): Promise<PublishedRelease> {
    this.rates.take('publish', who);
    const { files, message, author = who } = readPublish(body);
    const published = await this.releases.publish(files, { author, message, who });
    return { ...toShownSummary(published), isNew: published.isNew, notes: published.notes };
  }

  @Get('releases')
  @Needs('author')
  @ApiOperation({ summary: 'The releases, newest first' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } })
  @ApiQuery({ name: 'before', required: false, description: 'the `next` of the page before' })
  @Answers('ReleasePage')
  async list(@Query() query: QueryParts): Promise<ReleasePage> {
    const { limit, before } = readFields(query, PAGE);
    const found = await this.store.list(limit + 1, before);
    const shown = found.slice(0, limit).map(toShownSummary);
    const last = shown.at(-1);
    return { releases: shown, ...(found.length > limit && last && { next: last.version }) };
  }

  @Get('releases/:version')
  @Needs('author')
  @ApiOperation({ summary: 'One release, with the revision of each file' })
  @ApiQuery({ name: 'files', required: false, description: '`true` adds the text of each file' })
  @Answers('ShownRelease')
  async get(@Param('version') text: string, @Query() { files: wanted }: QueryParts): Promise<ShownRelease> {
    const { version, files } = readFields({ version: text, files: wanted }, { files: flag, version: releaseVersion });
    return toShownRelease(await this.releases.release(version), files);
  }

  @Get('releases/:version/shadow')
  @Needs('author')
  @ApiOperation({ summary: 'What a shadow release would have decided otherwise, and how often' })
  @Answers('ShadowReport')
  async shadow(@Param('version') text: string): Promise<ShadowReport> {
    const { version } = readFields({ version: text }, { version: releaseVersion });
    await this.releases.summary(version);
    return shadowReport(version, await this.store.shadowCounts(version));
  }

  @Get('diff')
  @Needs('author')
  @ApiOperation({ summary: 'What differs between two releases, file by file, in the unified format' })
  @ApiQuery({ name: 'from', schema: { type: 'integer' } })
  @ApiQuery({ name: 'to', schema: { type: 'integer' } })
  @Answers('ReleaseDiff')
  async diff(@Query() query: QueryParts): Promise<ReleaseDiff> {
    const { from, to } = readFields(query, { from: releaseVersion, to: releaseVersion });
    return this.releases.diff(from, to);
  }
}
