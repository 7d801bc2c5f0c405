/** What editors know of the condition language beyond its shape, as the engine declares it. */
import { declared } from './read-declarations.mjs';

const { aggregates } = await declared('engine/facts/aggregates');
const { facts } = await declared('engine/facts/facts');
const { pathsInto } = await declared('engine/facts/value-shape');
const { decoratorNames, findDecorator, operators } = await declared('engine/match/operators');

const { calendarWords } = await declared('engine/values/calendar-window');
const { timeComparisons } = await declared('engine/values/time-comparisons');

const DECORATED = [
  'ignoreCase:equal',
  'not:contains',
  'not:equal',
  'not:in',
  'semver:greaterThanInclusive',
  'someFact:equal',
  'someFact:withinNext',
  'someValue:contains',
];

/** The definitions of a schema, with what the condition language allows beyond its types. */
export function withWords(definitions, params) {
  if (!definitions.Comparison) return definitions;
  const { FactReference, InteractionsParams, ContactsParams, ShareParams, ...others } = params;
  // Its names stand where they may be written.
  delete others.AggregateName;
  return {
    ...definitions,
    ...others,
    FactReference: refined(FactReference),
    InteractionsParams: { ...withTypes('interactions', InteractionsParams), allOf: [needsProperty()] },
    ContactsParams: withTypes('contacts', ContactsParams),
    ShareParams,
    Comparison: { ...withValue(refined(definitions.Comparison)), allOf: [...factRules(), ...valueRules()] },
    PropertyComparison: { ...others.PropertyComparison, allOf: valueRules() },
    FactName: { ...definitions.FactName, anyOf: words(facts), type: 'string' },
    OperatorName: { ...definitions.OperatorName, anyOf: [...words(operators), decorated()], type: 'string' },
  };
}

/** Strict validators want a length to stand beside a type, even where a reference has one. */
function withTypes(fact, params) {
  const properties = Object.entries(params.properties).map(([name, one]) => [
    name,
    one.$ref && one.minLength ? { ...one, type: 'string' } : one,
  ]);
  const { description } = params.properties.aggregate;
  const { choices } = facts.find(({ name }) => name === fact).form.find(({ name }) => name === 'aggregate');
  const aggregate = { type: 'string', enum: choices, description };
  return { ...params, properties: { ...Object.fromEntries(properties), aggregate } };
}

function needsProperty() {
  const needing = aggregates.filter(({ needsProperty }) => needsProperty).map(({ name }) => name);
  const aggregate = { enum: needing, description: 'What needs a property.' };
  const property = { type: 'string', description: 'The property that is aggregated.' };
  return {
    if: { type: 'object', properties: { aggregate }, required: ['aggregate'] },
    then: { type: 'object', properties: { property }, required: ['property'] },
  };
}

function words(declarations) {
  return declarations.map(({ name, hint }) => ({ const: name, description: hint }));
}

function decorated() {
  return {
    type: 'string',
    pattern: `^((${decoratorNames.join('|')}):)+(${namesOf(operators)})$`,
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
  const asking = facts.filter(({ form }) => form.length > 0).map(({ name }) => name);
  const takesParams = asking.map((name) => ({
    if: about('fact', { const: name }),
    then: having('params', { $ref: `#/definitions/${name[0].toUpperCase()}${name.slice(1)}Params` }),
  }));
  const takesNone = {
    if: about('fact', { not: { enum: asking } }),
    then: having('params', { type: 'object', maxProperties: 0 }),
  };
  const paths = facts
    .map(({ name, shape }) => ({ name, examples: pathsInto(shape({})) }))
    .filter(({ examples }) => examples.length > 0)
    .map(({ name, examples }) => ({
      if: about('fact', { const: name }),
      then: having('path', { type: 'string', examples }),
    }));
  return [...takesParams, takesNone, ...paths];
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

/** Decorators that leave the side of the value as it is. */
const INTO_FACT = `((${decoratorsThat((does) => does === 'negate' || does.of === 'fact')}):)*`;

/** With which values an operator can do something. After `swap:` the sides are exchanged, and nothing can be said. */
function valueRules() {
  const taking = (what) => namesOf(operators.filter(({ takes }) => takes === what));
  return [
    needing(`^${INTO_FACT}(${taking('list')})$`, [{ type: 'array' }, { type: 'string' }, ANOTHER_FACT]),
    needing(`^${INTO_FACT}(${taking('number')})$`, [{ type: 'number' }, { type: 'string' }, ANOTHER_FACT]),
    needing(`^${INTO_FACT}(${taking('text')})$`, [{ type: 'string' }, ANOTHER_FACT]),
    needing(`^${INTO_FACT}(${timed((takes) => takes !== 'window')})$`, [{ type: 'string' }]),
    needing(`^${INTO_FACT}(${timed((takes) => takes === 'window')})$`, [{ enum: calendarWords }]),
    needing(`^${INTO_FACT}(${decoratorsThat((does) => does.of === 'value')}):`, [{ type: 'array' }, ANOTHER_FACT]),
  ];
}

function decoratorsThat(wanted) {
  return decoratorNames.filter((name) => wanted(findDecorator(name).does)).join('|');
}

function timed(wanted) {
  return namesOf(timeComparisons.filter(({ takes }) => wanted(takes)));
}

function namesOf(declarations) {
  return declarations.map(({ name }) => name).join('|');
}

function needing(pattern, anyOf) {
  return {
    if: about('operator', { type: 'string', pattern }),
    then: having('value', anyOf.length === 1 ? anyOf[0] : { anyOf }),
  };
}

function about(name, schema) {
  return { ...having(name, schema), required: [name] };
}

function having(name, schema) {
  return { type: 'object', properties: { [name]: { ...schema, description: TOLD[name] } } };
}
