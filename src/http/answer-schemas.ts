import type { OpenAPIObject } from '@nestjs/swagger';
import { readFileSync } from 'node:fs';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** The schemas of all that is answered, by the names of their types, as OpenAPI has them under `components`. */
export function answerSchemas(): Schemas {
  return JSON.parse(readFileSync(new URL('../../schemas/answers.json', import.meta.url), 'utf8')) as Schemas;
}
