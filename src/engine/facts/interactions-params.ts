/** The params of the fact `interactions`: what a form asks for, and what can be wrong with them. */
import { durationRemedy, parseDuration } from '../language/millis.js';
import { isObject } from '../language/is-object.js';
import type { Json, JsonObject } from '../language/json.js';
import { aggregates, findAggregate, type Tells } from './aggregates.js';
import type { FactProblem, FormField } from './fact-declaration.js';
import { findCalendarWindow, pastCalendarWords } from '../values/calendar-window.js';
import { isConditionTree } from '../language/condition-definition.js';

/** What a form asks for: which interactions are meant, and what is said of them. */
export const interactionsForm: readonly FormField[] = [
  { name: 'event', label: 'what happened', input: 'event' },
  { name: 'where', label: 'with these properties', input: 'conditions' },
  { name: 'within', label: 'not longer ago than', input: 'duration' },
  { name: 'during', label: 'in the window of the calendar', input: 'choice', choices: pastCalendarWords },
  { name: 'channel', label: 'in the channel', input: 'channel' },
  {
    name: 'aggregate',
    label: 'of all these',
    input: 'choice',
    choices: aggregates.map(({ name }) => name),
    default: aggregates[0]?.name ?? '',
  },
  { name: 'property', label: 'of the property', input: 'property' },
];

const PARAMS: readonly string[] = interactionsForm.map(({ name }) => name);
const TEXTS: readonly string[] = interactionsForm.filter(({ input }) => input !== 'conditions').map(({ name }) => name);
const OVER_LIFETIME = aggregates.filter((one) => one.overLifetime).map(({ name }) => name);

/** What is wrong with these params, in plain words. */
export function interactionsProblems(params: JsonObject): readonly FactProblem[] {
  return [
    ...unknownNames(params),
    ...wrongTexts(params),
    ...aggregateProblems(params),
    ...whereProblems(params['where']),
    ...withinProblems(params),
    ...duringProblems(params['during']),
  ];
}

function unknownNames(params: JsonObject): FactProblem[] {
  const unknown = Object.keys(params).filter((name) => !PARAMS.includes(name));
  return unknown.map((name) => ({
    path: ['params', name],
    message: `unknown param "${name}"; the params of interactions are ${PARAMS.join(', ')}`,
    isAboutName: true,
  }));
}

function wrongTexts(params: JsonObject): FactProblem[] {
  const wrong = TEXTS.filter(
    (name) => params[name] !== undefined && (typeof params[name] !== 'string' || params[name] === ''),
  );
  return wrong.map((name) => ({ path: ['params', name], message: `"${name}" must be a text` }));
}

function aggregateProblems({ aggregate, property }: JsonObject): FactProblem[] {
  if (aggregate !== undefined && typeof aggregate !== 'string') return [];
  const found = findAggregate(aggregate);
  if (!found) {
    const names = aggregates.map(({ name }) => name).join(', ');
    return [{ path: ['params', 'aggregate'], message: `unknown aggregate "${aggregate}"; use one of ${names}` }];
  }
  if (property !== undefined && !OF_A_PROPERTY.includes(found.tells)) return [propertyInVain(found.name)];
  if (!found.needsProperty || property !== undefined) return [];
  return [
    {
      path: ['params'],
      message: `the aggregate ${found.name} needs a "property": which one to take the ${found.name} of`,
    },
  ];
}

const OF_A_PROPERTY: readonly Tells[] = ['how-many-values', 'number', 'earliest', 'latest'];

function propertyInVain(aggregate: string): FactProblem {
  return {
    path: ['params', 'property'],
    isAboutName: true,
    message:
      `"property" changes nothing about the ${aggregate}; remove it, or ask by "where" for those that have it, ` +
      'as in { "all": [ { "fact": "price", "operator": "greaterThan", "value": 0 } ] }',
  };
}

function whereProblems(where: Json | undefined): FactProblem[] {
  if (where === undefined) return [];
  if (!isObject(where))
    return [
      {
        path: ['params', 'where'],
        message: '"where" must be an object such as { "category": "pets" }, or a condition tree',
      },
    ];
  if (isConditionTree(where)) return [];
  const nested = Object.keys(where).filter((name) => typeof where[name] === 'object' && where[name] !== null);
  return nested.map((name) => ({
    path: ['params', 'where', name],
    message:
      `"${name}" must be a text, a number, true, false or null; for anything richer write a condition tree: ` +
      `{ "all": [ { "fact": "${name}", … } ] }`,
  }));
}

function withinProblems(params: JsonObject): FactProblem[] {
  const { within, event, aggregate } = params;
  if (typeof within !== 'string' || within === '') return [];
  if (within !== 'lifetime') {
    return parseDuration(within)
      ? []
      : [
          {
            path: ['params', 'within'],
            message: `"${within}" is not a duration; ${durationRemedy(within, '30d')}, or "lifetime"`,
          },
        ];
  }
  const narrowed = ['where', 'during', 'channel', 'property'].filter((name) => params[name] !== undefined);
  if (narrowed.length === 0 && event !== undefined && findAggregate(aggregate)?.overLifetime) return [];
  return [
    {
      path: ['params', 'within'],
      message:
        `over a lifetime only ${OVER_LIFETIME.join(', ')} of one "event" are kept, without where, ` +
        'channel or property',
    },
  ];
}

function duringProblems(during: Json | undefined): FactProblem[] {
  if (typeof during !== 'string' || during === '' || pastCalendarWords.includes(during)) return [];
  const known = pastCalendarWords.map((word) => `"${word}"`).join(', ');
  const why = findCalendarWindow(during) ? 'is still to come, when nothing has happened yet' : 'is no such window';
  return [{ path: ['params', 'during'], message: `"${during}" ${why}; write one of ${known}` }];
}
