import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { Needs } from '../../access/needs.js';
import { AnswersLines } from '../../http/answers.js';
import { RecordedInputs } from '../../stores/recorded-inputs.js';
import { ReleaseStore } from '../../stores/release-store.js';
import { recordedLines } from './recorded-lines.js';
import { readRecordedQuery } from './recorded-query.js';

/** What decisions were made from, for whoever wants to make them again; `usher replay` does. */
@ApiTags('decisions')
@Controller('v1/decisions/recorded')
export class RecordedController {
  constructor(
    private readonly recorded: RecordedInputs,
    private readonly releases: ReleaseStore,
  ) {}

  @Get()
  @Needs('server')
  @ApiOperation({
    summary:
      'The recorded inputs of decisions, oldest first: lines of { "input" }, ' +
      'and before the first that needs it { "state", "document" }, in base64',
  })
  @ApiQuery({ name: 'since', required: false, description: 'an ISO 8601 time, or how long ago, such as 7d' })
  @ApiQuery({ name: 'until', required: false, description: 'the same; not included' })
  @ApiQuery({
    name: 'releases',
    required: false,
    description:
      '`true` adds the releases that decided, each before its first input: { "release": { version, digest, files } }',
  })
  @AnswersLines('RecordedLine')
  lines(@Query() query: Readonly<Record<string, unknown>>, @Res() reply: FastifyReply): void {
    const lines = recordedLines(readRecordedQuery(query, Date.now()), {
      recorded: this.recorded,
      releases: this.releases,
    });
    void reply
      .header('content-type', 'application/x-ndjson')
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }));
  }
}
