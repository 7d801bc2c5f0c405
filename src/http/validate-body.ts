import 'reflect-metadata';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { getMetadataStorage } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { InvalidRequest, MOST_PROBLEMS, type Problem } from '../errors.js';

type Schemas = ReturnType<typeof validationMetadatasToSchemas>;

/** The JSON Schemas of all DTO classes known so far, by class name: for validation and for OpenAPI alike. */
export function dtoSchemas(): Schemas {
  return validationMetadatasToSchemas({
    classValidatorMetadataStorage: getMetadataStorage(),
    refPointerPrefix: '#/components/schemas/',
  });
}

/**
 * A validator of bodies from the JSON Schema derived from a DTO class. It throws {@link InvalidRequest} with every
 * problem, but does not look into a list or an object that is too large to be right; unknown members are problems too,
 * as they are mostly misspelt ones. Compiled once, at the first use.
 */
export function bodyValidator<T extends object>(dto: new () => T): (body: unknown) => asserts body is T {
  let validate: ValidateFunction | undefined;
  return (body: unknown): asserts body is T => {
    validate ??= compile(dto.name);
    if (!validate(body)) throw new InvalidRequest(toProblems(validate.errors ?? []));
  };
}

/**
 * The same from a schema that is written out. What is compiled is the caller's: it comes from code, and never from
 * outside.
 */
export function schemaValidator(schema: object): (value: unknown) => void {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= new Ajv(OPTIONS).compile(sizesFirst(schema as Schema));
    if (!validate(value)) throw new InvalidRequest(toProblems(validate.errors ?? []));
  };
}

const OPTIONS = { allErrors: true, strict: false, validateFormats: false, verbose: true } as const;

function compile(name: string): ValidateFunction {
  const ajv = new Ajv(OPTIONS);
  const schemas = Object.fromEntries(
    Object.entries(dtoSchemas()).map(([id, schema]) => [
      id,
      sizesFirst({ ...schema, additionalProperties: false } as Schema),
    ]),
  );
  ajv.addSchema({ $id: 'usher', components: { schemas } });
  return ajv.compile({ $ref: `usher#/components/schemas/${name}` });
}

interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly maxProperties?: number;
  readonly maxItems?: number;
  readonly items?: unknown;
}

/** So many members that are not known are told one by one. */
const MOST_UNKNOWN = MOST_PROBLEMS;

/**
 * The same schema, which looks at what is inside of a list or an object only where that is not too large: or a small
 * body of many wrong items would cost a problem for each.
 */
function sizesFirst({ items, additionalProperties, properties, ...schema }: Schema): Schema {
  if (schema.maxItems !== undefined && items !== undefined)
    return { ...schema, if: { maxItems: schema.maxItems }, then: { items } };
  if (additionalProperties === undefined)
    return { ...schema, ...(items !== undefined && { items }), ...(properties && { properties }) };
  const inside = mapValues(properties ?? {}, sizesFirst);
  const most = schema.maxProperties ?? Object.keys(inside).length + MOST_UNKNOWN;
  const known = mapValues(inside, () => ({}));
  return {
    ...schema,
    maxProperties: most,
    properties: inside,
    if: { maxProperties: most },
    then: { properties: known, additionalProperties },
  };
}

function mapValues<T, U>(from: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));
}

/** `if` failing only says that its branch failed, which says why itself. */
function isTelling(error: ErrorObject): boolean {
  return error.keyword !== 'if';
}

/** Of a place with a value of the wrong type, the first that is said of it is enough. */
function toProblems(errors: readonly ErrorObject[]): Problem[] {
  const mistyped = new Set<string>();
  const isNews = ({ keyword, instancePath }: ErrorObject): boolean =>
    keyword !== 'type' || (!mistyped.has(instancePath) && mistyped.add(instancePath).size > 0);
  return errors.filter((error) => isTelling(error) && isNews(error)).map(toProblem);
}

function toProblem(error: ErrorObject): Problem {
  const params = error.params as Record<string, unknown>;
  const at = pathOf(error.instancePath);
  const inside = (name: unknown) => (at === '' ? String(name) : `${at}.${String(name)}`);
  switch (error.keyword) {
    case 'required':
      return { path: inside(params['missingProperty']), message: 'is missing' };
    case 'additionalProperties':
      return { path: inside(params['additionalProperty']), message: `is not known here; ${knownNames(error)}` };
    case 'maxLength':
      return { path: at, message: `is longer than the limit of ${String(params['limit'])} characters` };
    case 'minLength':
      return { path: at, message: 'must not be empty' };
    case 'maxItems':
      return { path: at, message: `has more than the limit of ${String(params['limit'])}` };
    case 'maxProperties':
      return { path: at, message: `has more than the limit of ${String(params['limit'])} members` };
    case 'minItems':
      return { path: at, message: `must have at least ${String(params['limit'])}` };
    case 'enum':
      return { path: at, message: `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}` };
    case 'type':
      return { path: at, message: `must be ${article(String(error.parentSchema?.['description'] ?? params['type']))}` };
    default:
      return { path: at, message: error.message ?? 'is not valid' };
  }
}

function knownNames(error: ErrorObject): string {
  const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
  return `the members are ${known.join(', ')}`;
}

function article(type: string): string {
  return /^(an? |one )/.test(type) ? type : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** `/placements/0/id` as `placements[0].id`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}
