import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import type { Scope } from '../access/scopes.js';
import { AssistantDoor, MAX_ASSISTANT_BYTES } from './assistant-door.js';
import { AnswersMessages } from './answers-messages.js';

/** Which tool needs which of these is for the tools to say. */
const EITHER: readonly Scope[] = ['assistant', 'server'];

/** Tools for assistants, over the Model Context Protocol. */
@ApiTags('assistants')
@Controller('mcp')
export class AssistantsController {
  constructor(private readonly door: AssistantDoor) {}

  @Post()
  @Needs(EITHER, { maxBodyBytes: MAX_ASSISTANT_BYTES })
  @HttpCode(200)
  @ApiOperation({ summary: 'The Model Context Protocol: tools for assistants, none of which changes what serves' })
  @ApiBody({ schema: { type: 'object', description: 'a message of JSON-RPC 2.0, as that protocol has them' } })
  @AnswersMessages(200)
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.door.answer(request, reply);
  }

  @Get()
  @Needs(EITHER)
  @ApiOperation({
    summary: 'Nothing: there are no streams to listen to, and clients of the protocol ask whether there are',
  })
  @AnswersMessages(405)
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.door.answer(request, reply);
  }

  @Delete()
  @Needs(EITHER)
  @ApiOperation({ summary: 'Nothing: there are no sessions to end' })
  @AnswersMessages(405)
  async remove(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.door.answer(request, reply);
  }
}
