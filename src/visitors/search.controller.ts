import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import type { FoundPeople } from './search/found-people.js';
import { PeopleSearch } from './search/people-search.js';
import { readSearchQuery } from './search/search-query.js';

/** Finding people by what they say of themselves. */
@ApiTags('visitors')
@Controller('v1/visitors')
export class SearchController {
  constructor(private readonly people: PeopleSearch) {}

  @Get()
  @Needs('desk')
  @ApiOperation({ summary: 'Find people by any id, e-mail address or telephone number, each given whole' })
  @ApiQuery({ name: 'search', description: 'what they have, whole' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 50, default: 20 } })
  @Answers('FoundPeople')
  async search(@Query() query: Readonly<Record<string, unknown>>): Promise<FoundPeople> {
    return this.people.find(readSearchQuery(query));
  }
}
