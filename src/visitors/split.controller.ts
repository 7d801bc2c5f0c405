import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import type { SplitAnswer } from './care/split-answer.js';
import { VisitorSplitter } from './care/visitor-splitter.js';
import { readAddressId } from './intake/address-id.js';
import { readSplitBody } from './intake/split-body.js';

/** Undoing that two people were joined. */
@ApiTags('visitors')
@Controller('v1/visitors')
export class SplitController {
  constructor(private readonly splitter: VisitorSplitter) {}

  @Post(':id/split')
  @Needs('server')
  @HttpCode(200)
  @ApiOperation({ summary: 'Undo a join: two people again, each with their own events and what they did since' })
  @ApiBody({ required: false, schema: { type: 'object', example: { id: 'device-1', dryRun: true } } })
  @Answers('SplitAnswer')
  async split(@Param('id') id: string, @Body() body: unknown): Promise<SplitAnswer> {
    return this.splitter.split(readAddressId(id), readSplitBody(body));
  }
}
