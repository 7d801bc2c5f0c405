import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '../engine/types.js';
import { InvalidRequest } from '../errors.js';
import { readBatch } from './tracking-request.js';
import { TrackingService, type BatchReceipt } from './tracking.service.js';

const EVENT_BODY = { schema: { type: 'object' as const, example: { userId: 'u-9', event: 'Product Viewed', properties: { sku: 'c-1' } } } };

/** The event intake: the Segment HTTP tracking API. */
@ApiTags('tracking')
@Controller('v1')
export class TrackingController {
  constructor(private readonly tracking: TrackingService) {}

  @Post('track')
  @HttpCode(200)
  @ApiOperation({ summary: 'The person did something' })
  @ApiBody(EVENT_BODY)
  track(@Body() body: unknown): Promise<{ success: true }> {
    return this.one('track', body);
  }

  @Post('page')
  @HttpCode(200)
  @ApiOperation({ summary: 'The person looked at a page: the interaction "Page Viewed"' })
  @ApiBody(EVENT_BODY)
  page(@Body() body: unknown): Promise<{ success: true }> {
    return this.one('page', body);
  }

  @Post('screen')
  @HttpCode(200)
  @ApiOperation({ summary: 'The person looked at a screen of an app: the interaction "Screen Viewed"' })
  @ApiBody(EVENT_BODY)
  screen(@Body() body: unknown): Promise<{ success: true }> {
    return this.one('screen', body);
  }

  @Post('identify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Who the person is: traits, and the link of an anonymous id to a user id' })
  @ApiBody(EVENT_BODY)
  identify(@Body() body: unknown): Promise<{ success: true }> {
    return this.one('identify', body);
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({ summary: 'Many events of any kind; bad ones are refused one by one, the others stored' })
  @ApiBody({ schema: { type: 'object', example: { batch: [{ type: 'track', ...EVENT_BODY.schema.example }] } } })
  batch(@Body() body: unknown): Promise<BatchReceipt> {
    return this.tracking.storeBatch(readBatch(body));
  }

  private async one(type: string, body: unknown): Promise<{ success: true }> {
    const event = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, type } : body;
    const { refused } = await this.tracking.storeBatch([event as JsonObject]);
    if (refused[0]) throw new InvalidRequest(refused[0].problems);
    return { success: true };
  }
}
