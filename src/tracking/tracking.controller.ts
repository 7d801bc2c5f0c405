import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json } from '../engine/language/json.js';
import { Answers } from '../http/answers.js';
import type { EventType } from '../visitors/intake/incoming-event.js';
import { eventReceipt, type EventReceipt } from './event-receipt.js';
import { senderOf } from './sender.js';
import { readBatch } from './tracking-request.js';
import { TrackingService, type BatchReceipt } from './tracking.service.js';

const example = (members: object) => ({
  schema: { type: 'object' as const, example: { messageId: 'm-1', userId: 'u-9', ...members } },
});

/** The event intake: the Segment HTTP tracking API. `docs/tracking.md` has every rule. */
@ApiTags('tracking')
@Controller('v1')
export class TrackingController {
  constructor(private readonly tracking: TrackingService) {}

  @Post(['track', 't'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'The person did something' })
  @ApiBody(example({ event: 'Product Viewed', properties: { sku: 'c-1' } }))
  @Answers('EventReceipt')
  track(@Body() body: unknown, @Req() request: FastifyRequest): Promise<EventReceipt> {
    return this.one('track', body, request);
  }

  @Post(['page', 'p'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'The person looked at a page: the interaction "Page Viewed"' })
  @ApiBody(example({ name: 'Home', properties: { url: 'https://shop.example/' } }))
  @Answers('EventReceipt')
  page(@Body() body: unknown, @Req() request: FastifyRequest): Promise<EventReceipt> {
    return this.one('page', body, request);
  }

  @Post(['screen', 's'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'The person looked at a screen of an app: the interaction "Screen Viewed"' })
  @ApiBody(example({ name: 'Start' }))
  @Answers('EventReceipt')
  screen(@Body() body: unknown, @Req() request: FastifyRequest): Promise<EventReceipt> {
    return this.one('screen', body, request);
  }

  @Post(['identify', 'i'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'Who the person is: traits, and the link of an anonymous id to a user id' })
  @ApiBody(example({ anonymousId: 'a-1', traits: { plan: 'gold' } }))
  @Answers('EventReceipt')
  identify(@Body() body: unknown, @Req() request: FastifyRequest): Promise<EventReceipt> {
    return this.one('identify', body, request);
  }

  @Post(['group', 'g'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'The company or household that the person belongs to: the trait "group"' })
  @ApiBody(example({ groupId: 'c-7', traits: { name: 'Acme' } }))
  @Answers('EventReceipt')
  group(@Body() body: unknown, @Req() request: FastifyRequest): Promise<EventReceipt> {
    return this.one('group', body, request);
  }

  @Post(['alias', 'a'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'Two ids are the same person; with a secret key even two that are both known' })
  @ApiBody(example({ previousId: 'u-5' }))
  @Answers('EventReceipt')
  alias(@Body() body: unknown, @Req() request: FastifyRequest): Promise<EventReceipt> {
    return this.one('alias', body, request);
  }

  @Post(['batch', 'b', 'import'])
  @Needs('browser', { keyIn: 'body', eventsIn: 'batch', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'Many events of any kind; bad ones are refused one by one, the others stored' })
  @ApiBody({
    schema: {
      type: 'object',
      example: { batch: [{ type: 'track', messageId: 'm-1', userId: 'u-9', event: 'Product Viewed' }] },
    },
  })
  @Answers('BatchReceipt')
  batch(@Body() body: unknown, @Req() request: FastifyRequest): Promise<BatchReceipt> {
    return this.tracking.storeBatch(readBatch(body), senderOf(request, 'tracking-batch'));
  }

  private async one(type: EventType, body: unknown, request: FastifyRequest): Promise<EventReceipt> {
    const event = isObject(body) ? { ...body, type } : (body as Json);
    return eventReceipt(await this.tracking.storeBatch([event], senderOf(request, 'tracking')));
  }
}
