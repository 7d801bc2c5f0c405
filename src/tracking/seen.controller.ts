import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import { MOST_VISITORS, SeenSoFar, type SeenNames } from '../visitors/writing/seen-so-far.js';

/** What visitors were seen to send, for those who write rules: names, no values and no ids. */
@ApiTags('tracking')
@Controller('v1/tracking/seen')
export class SeenController {
  constructor(private readonly seen: SeenSoFar) {}

  @Get()
  @Needs('author')
  @ApiOperation({
    summary:
      'The names of events, their properties, traits and purposes of consent, ' +
      `as ${MOST_VISITORS.toLocaleString('en-GB')} visitors have them`,
  })
  @Answers('SeenNames')
  look(): Promise<SeenNames> {
    return this.seen.look();
  }
}
