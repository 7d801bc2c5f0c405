import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { exactJson } from '../doors/exact-json.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json } from '../engine/language/json.js';
import { InvalidRequest, NotFound, type Problem } from '../errors.js';
import { Answers } from '../http/answers.js';
import { wholeNumber } from '../http/query-fields.js';
import { readFields, Refused } from '../http/read-fields.js';
import type { RejectedEvent } from '../stores/rejected-events.js';
import { RejectedList, type ReplayReceipt } from './rejected-list.js';
import { senderOf } from './sender.js';

/** A refused event as people see it. */
export interface ShownRejection {
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly library?: string;
  readonly problems: readonly Problem[];
  /** The event as it came in; absent where it was too large to be kept. */
  readonly event?: Json;
  /** How an event begins that was too large to be kept. */
  readonly beginning?: string;
}

/** A page of the list. */
export interface RejectedPage {
  readonly rejected: readonly ShownRejection[];
  /** What to send as `before` for the next page; absent on the last. */
  readonly next?: string;
}

/** That a refused event is no longer kept. */
export interface RejectionForgotten {
  readonly success: true;
}

const MAX_IDS = 10_000;

const PAGE = { limit: wholeNumber({ min: 1, max: 200, fallback: 50 }), before: cursorIn };

/** The list of events that were refused. */
@ApiTags('tracking')
@Controller('v1/tracking/rejected')
export class RejectedController {
  constructor(private readonly list: RejectedList) {}

  @Get()
  @Needs('server')
  @ApiOperation({ summary: 'The events that were refused, newest first, with the reasons' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } })
  @ApiQuery({ name: 'before', required: false, description: 'the `next` of the page before' })
  @Answers('RejectedPage')
  async page(@Query() query: Readonly<Record<string, unknown>>): Promise<RejectedPage> {
    const { limit, before } = readFields(query, PAGE);
    const found = await this.list.page(limit + 1, before);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return { rejected: shown.map(toShown), ...(found.length > limit && last && { next: last.id }) };
  }

  @Post('replay')
  @Needs('server')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take refused events in again: all, or those of "ids". What is stored now leaves the list' })
  @ApiBody({ required: false, schema: { type: 'object', example: { ids: ['1795255200000000-0badcafe'] } } })
  @Answers('ReplayReceipt')
  replay(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ReplayReceipt> {
    const { trusted } = senderOf(request, 'replay');
    return this.list.replay({ trusted, areProofsAsked: request.usherIdentity.areSet }, readIds(body));
  }

  @Delete(':id')
  @Needs('server')
  @ApiOperation({ summary: 'Forget a refused event' })
  @Answers('RejectionForgotten')
  async remove(@Param('id') id: string): Promise<RejectionForgotten> {
    if (await this.list.remove(id)) return { success: true };
    throw new NotFound('No refused event has this id. It may have been taken in again, or be too old.');
  }
}

function toShown({ id, receivedAt, library, problems, text, cut }: RejectedEvent): ShownRejection {
  const about = {
    id,
    receivedAt: new Date(receivedAt).toISOString(),
    ...(library !== undefined && { library }),
    problems,
  };
  return cut ? { ...about, beginning: text } : { ...about, event: exactJson(text) as Json };
}

/** Undefined: all. An empty body asks for all as well. */
function readIds(body: unknown): readonly string[] | undefined {
  if (body === undefined || body === null) return undefined;
  if (!isObject(body))
    throw new InvalidRequest([{ path: '', message: 'must be an object { "ids": [ … ] }, or nothing for all' }]);
  return readFields(body, { ids: idsIn }, { unknown: 'the members are' }).ids;
}

function idsIn(ids: unknown): readonly string[] | undefined | Refused {
  if (ids === undefined) return undefined;
  const areIds = Array.isArray(ids) && ids.length <= MAX_IDS && ids.every((id) => typeof id === 'string');
  return areIds
    ? ids
    : new Refused(`must be a list of at most ${MAX_IDS} ids, as GET /v1/tracking/rejected gives them`);
}

function cursorIn(given: unknown): string | undefined | Refused {
  if (given === undefined || given === '') return undefined;
  return typeof given === 'string' ? given : new Refused('must be one id, the "next" of the page before');
}
