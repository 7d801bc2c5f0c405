import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { ReleaseStreams } from './release-streams.js';

const TYPE = 'text/event-stream';
/** A proxy that gathers an answer before it passes it on would keep all of it. */
const HEADERS = { 'content-type': TYPE, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** `GET /ofrep/v1/streams`: server-sent events that tell of other releases. */
@ApiTags('ofrep')
@Controller('ofrep/v1/streams')
export class StreamsController {
  constructor(private readonly streams: ReleaseStreams) {}

  @Get()
  @Needs('browser', { keyIn: 'token' })
  @ApiOperation({ summary: 'Tells when other rules serve, so that evaluations are to be asked for again' })
  @ApiQuery({ name: 'since', required: false, description: 'What served when evaluations were asked for' })
  @ApiQuery({ name: 'token', required: false, description: 'Stands in the address that a bulk evaluation names' })
  @ApiProduces(TYPE)
  @ApiResponse({
    ...{ status: 200, description: 'Events with data such as {"type":"refetchEvaluation"}, without an end' },
    content: { [TYPE]: { schema: { type: 'string' } } },
  })
  listen(
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    // Nobody would read what is told to those who ask for the headers alone.
    if (request.method === 'HEAD') return void reply.headers(HEADERS).send('');
    const { usherWho: who, ip: address, headers } = request;
    const since = headers['last-event-id'] ?? query['since'];
    const stream = this.streams.listen({ who, address, ...(typeof since === 'string' && { since }) });
    reply.headers(HEADERS).send(stream);
  }
}
