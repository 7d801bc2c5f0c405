import type { ErrorObject } from 'ajv';
import { didYouMean } from '../read/suggest.js';

/** What a JSON Schema error means, in plain words and with a remedy. The error must come from Ajv's `verbose` mode. */
export function shapeMessage(error: ErrorObject): string {
  const name = nameOf(error.instancePath);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownProperty(String(error.params['additionalProperty']), error.parentSchema);
    case 'required':
      return missing(String(error.params['missingProperty']), error.instancePath);
    case 'type':
      return `${name} must be ${inWords(String(error.params['type']))}; got ${shown(error.data)}`;
    case 'enum':
      return oneOf(name, error.params['allowedValues'] as unknown[], error.data);
    case 'const':
      return `${name} must be ${shown(error.params['allowedValue'])}; got ${shown(error.data)}`;
    case 'minimum':
      return `${name} must be ${error.params['limit']} or more; got ${shown(error.data)}`;
    case 'exclusiveMinimum':
      return `${name} must be more than ${error.params['limit']}; got ${shown(error.data)}`;
    case 'maximum':
      return `${name} must be ${error.params['limit']} or less; got ${shown(error.data)}`;
    case 'minItems':
      return `${name} must list at least ${error.params['limit'] === 1 ? 'one' : error.params['limit']}; it is empty`;
    case 'anyOf':
      return `${name} must be ${choices(error.schema)}; got ${shown(error.data)}`;
    default:
      return `${name} ${error.message ?? 'is not as it should be'}`;
  }
}

/** A value as a message shows it: cut short, and lists and objects only by what they are. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

function missing(name: string, inside: string): string {
  return `"${name}" is missing${remedyFor(name, inside)}`;
}

function unknownProperty(name: string, schema: unknown): string {
  return `unknown property "${name}"${didYouMean(name, namesOf(schema))}`;
}

function namesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return [];
  return Object.keys(schema.properties as object).filter((name) => name !== '$schema');
}

function nameOf(instancePath: string): string {
  const steps = instancePath.split('/').slice(1);
  const named = steps.findLast((step) => !/^\d+$/.test(step));
  if (named === undefined) return 'the file';
  const plain = named.replaceAll('~1', '/').replaceAll('~0', '~');
  return steps.at(-1) === named ? `"${plain}"` : `each of "${plain}"`;
}

function oneOf(name: string, allowed: readonly unknown[], got: unknown): string {
  const list = `${name} must be one of ${allowed.map(shown).join(', ')}; got ${shown(got)}`;
  const near = typeof got === 'string' ? didYouMean(got, allowed.map(String)) : '';
  return near.startsWith('; did') ? `${list}${near}` : list;
}

function choices(schema: unknown): string {
  const types = (Array.isArray(schema) ? schema : []).map((choice: unknown) =>
    inWords(String((choice as { type?: unknown }).type)),
  );
  return types.join(' or ');
}

function inWords(type: string): string {
  return WORDS[type] ?? type;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text between quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'an object { … }',
  null: 'null',
};

function remedyFor(name: string, inside: string): string {
  const example = EXAMPLES_INSIDE.find(([where]) => where.test(`${inside}/${name}`))?.[1] ?? EXAMPLES[name];
  return example === undefined ? '; add it' : `; add ${example}`;
}

/** Where a name means something else than elsewhere. */
const EXAMPLES_INSIDE: readonly (readonly [where: RegExp, example: string])[] = [
  [/^\/goal\/event$/, '"event": "Order Completed", the event that counts as success'],
  [/^\/caps\/\d+\/event$/, '"event": "shown", what is counted'],
  [/^\/limits\/\d+\/event$/, '"event": "shown", what is counted'],
  [/^\/visitor\/contacts\/\d+\/event$/, '"event": "shown", what became of the offer'],
  [/^\/visitor\/interactions\/\d+\/event$/, '"event": "Product Viewed", what happened'],
];

const EXAMPLES: Readonly<Record<string, string>> = {
  name: '"name": "…", what people call it',
  placements: '"placements": [ "…" ], where it may show',
  conditions: '"conditions": { "all": [ … ] }, when it holds',
  event: '"event": { "type": "offer", "params": { "offer": "…" } }, what it does',
  treatments: '"treatments": { "*": { "content": { … } } }, how it looks',
  content: '"content": { … }, what is shown',
  params: '"params": { "offer": "…" }',
  offer: '"offer": "…", the id of an offer',
  request: '"request": { "placements": [ "…" ] }',
  purposes: '"purposes": { "personalisation": {} }, what visitors decide about',
  now: '"now": "2026-11-20T09:00:00Z", the time of the decision',
  expect: '"expect": { "<placement>": [ "<offer>" ] }',
  limit: '"limit": 3, how often at most',
  levers: '"levers": [ { "offers": [ "…" ], "factor": 1.5 } ]',
  after: '"after": "dismissed", what has to happen',
  for: '"for": "14d", how long it then stays away',
  within: '"within": "7d", or day, week or month',
  from: '"from": "21:00", when they begin',
  until: '"until": "08:00", when they are over',
  minutes: '"minutes": 20, for how long',
  timestamp: '"timestamp": "2026-11-20T09:00:00Z"',
};
