/**
 * What editors know of the condition language beyond its shape. The lists are the engine's, with a word on each for
 * people; `src/rulebook/schemas/schema-of.spec.ts` holds them against it.
 */

const FACTS = {
  profile: 'what is known of the person: their traits; reach inside with "path"',
  context: 'what the request says, with `channel` and `placement`; reach inside with "path"',
  interactions: 'what the person did, aggregated; "params" say of what',
  session: 'the visit under way; 30 minutes of quiet end it',
  segments: 'the ids of the segments the person is in; compare with `contains`',
  now: 'the clock of the visitor, else of the placement, else UTC',
};

const OPERATORS = {
  equal: 'is exactly the value: "7" is not 7',
  notEqual: 'is not the value; also when nothing is known',
  in: 'is one of the values',
  notIn: 'is none of the values; also when nothing is known',
  contains: 'is a list with the value in it',
  doesNotContain: 'is a list without the value; false when nothing is known',
  lessThan: 'is less than the value, or earlier',
  lessThanInclusive: 'is at most the value',
  greaterThan: 'is more than the value, or later',
  greaterThanInclusive: 'is at least the value',
};

const DECORATORS = ['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not'];

const DECORATED = ['not:contains', 'not:equal', 'not:in', 'someFact:equal', 'someValue:contains'];

const PATHS = {
  profile: ['$.city', '$.interests', "$['odd name']"],
  context: ['$.device', '$.channel', '$.placement', '$.locale', '$.url'],
  session: [
    '$.active',
    '$.interactions',
    '$.durationSeconds',
    '$.startedAt',
    '$.channel',
    "$.events['Product Viewed']",
  ],
  now: ['$.date', '$.time', '$.year', '$.month', '$.day', '$.hour', '$.minute', '$.weekday', '$.timestamp'],
};

/** The definitions of a schema, with what the condition language allows beyond its types. */
export function withWords(definitions, params) {
  if (!definitions.Comparison) return definitions;
  const { FactReference, InteractionsParams, ...others } = params;
  return {
    ...definitions,
    ...others,
    FactReference: refined(FactReference),
    InteractionsParams: withTypes(InteractionsParams),
    Comparison: { ...withValue(refined(definitions.Comparison)), allOf: [...factRules(), ...valueRules()] },
    PropertyComparison: { ...others.PropertyComparison, allOf: valueRules() },
    FactName: { ...definitions.FactName, anyOf: words(FACTS), type: 'string' },
    OperatorName: { ...definitions.OperatorName, anyOf: [...words(OPERATORS), decorated()], type: 'string' },
  };
}

/** Strict validators want a length to stand beside a type, even where a reference has one. */
function withTypes(params) {
  const properties = Object.entries(params.properties).map(([name, one]) => [
    name,
    one.$ref && one.minLength ? { ...one, type: 'string' } : one,
  ]);
  return { ...params, properties: Object.fromEntries(properties), allOf: [needsProperty()] };
}

function needsProperty() {
  const aggregate = { enum: ['sum', 'avg', 'min', 'max', 'distinct'], description: 'What needs a property.' };
  const property = { type: 'string', description: 'The property that is aggregated.' };
  return {
    if: { type: 'object', properties: { aggregate }, required: ['aggregate'] },
    then: { type: 'object', properties: { property }, required: ['property'] },
  };
}

function words(table) {
  return Object.entries(table).map(([word, description]) => ({ const: word, description }));
}

function decorated() {
  const operators = Object.keys(OPERATORS).join('|');
  return {
    type: 'string',
    pattern: `^((${DECORATORS.join('|')}):)+(${operators})$`,
    examples: DECORATED,
    description:
      'An operator with decorators: someFact: and everyFact: look into the list of the fact, someValue: and everyValue: into that of the value; swap: exchanges the sides, not: negates.',
  };
}

function refined(reference) {
  return { ...reference, allOf: factRules() };
}

/** What a fact takes for params, and where one can reach into it. */
function factRules() {
  const takesParams = {
    if: about('fact', { const: 'interactions' }),
    then: having('params', { $ref: '#/definitions/InteractionsParams' }),
    else: having('params', { type: 'object', maxProperties: 0 }),
  };
  const paths = Object.entries(PATHS).map(([fact, examples]) => ({
    if: about('fact', { const: fact }),
    then: having('path', { type: 'string', examples }),
  }));
  return [takesParams, ...paths];
}

const TOLD = {
  fact: 'What the condition looks at.',
  params: 'What of the fact is meant.',
  path: "A JSONPath into the fact's value.",
  operator: 'How the two are compared.',
  value: 'What the fact is compared with.',
};
const ANOTHER_FACT = about('fact', { type: 'string' });

/** Another fact may always stand in place of a value. */
function withValue(comparison) {
  const { value } = comparison.properties;
  const { $ref, ...told } = value;
  return {
    ...comparison,
    properties: {
      ...comparison.properties,
      value: { ...told, if: ANOTHER_FACT, then: { $ref: '#/definitions/FactReference' }, else: { $ref } },
    },
  };
}

const INTO_FACT = '((someFact|everyFact|not):)*';

/** With which values an operator can do something. After `swap:` the sides are exchanged, and nothing can be said. */
function valueRules() {
  return [
    needing(`^${INTO_FACT}(in|notIn)$`, [{ type: 'array' }, { type: 'string' }, ANOTHER_FACT]),
    needing(`^${INTO_FACT}(lessThan|greaterThan)(Inclusive)?$`, [{ type: 'number' }, { type: 'string' }, ANOTHER_FACT]),
    needing(`^${INTO_FACT}(someValue|everyValue):`, [{ type: 'array' }, ANOTHER_FACT]),
  ];
}

function needing(pattern, anyOf) {
  return { if: about('operator', { type: 'string', pattern }), then: having('value', { anyOf }) };
}

function about(name, schema) {
  return { ...having(name, schema), required: [name] };
}

function having(name, schema) {
  return { type: 'object', properties: { [name]: { ...schema, description: TOLD[name] } } };
}
