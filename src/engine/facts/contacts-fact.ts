/** `contacts`: what became of offers for the person, read as caps, contact policy and the single view read it. */
import type { Json, JsonObject } from '../language/json.js';
import { durationRemedy, iso, parseDuration, type Millis } from '../language/millis.js';
import { countsFrom, goesByClocks, windowOf } from '../values/count-window.js';
import { GUARDED } from '../visitor/consent.js';
import type { Contact } from '../visitor/contacts.js';
import { CLOCKS_APART_MS, happened, happenedEvents, type HappenedEvent } from '../visitor/happened.js';
import { aggregates, findAggregate, type AggregateDeclaration, type Tells } from './aggregates.js';
import type { DecisionFacts } from './decision-facts.js';
import type { FactDeclaration, FactProblem, FormField } from './fact-declaration.js';
import { zoneOf } from './now-fact.js';
import { ANY_VALUE, type ValueShape } from './value-shape.js';

/** What can be said of contacts: how many, the first and the last, and how long ago. */
const TOLD: readonly Tells[] = ['how-many', 'earliest', 'latest', 'age-of-earliest', 'age-of-latest'];
const SAID = aggregates.filter(({ tells }) => TOLD.includes(tells));
const CALENDAR = ['day', 'week', 'month'];

const FORM: readonly FormField[] = [
  { name: 'event', label: 'what became of it', input: 'choice', choices: happenedEvents },
  { name: 'offer', label: 'of the offer', input: 'offer' },
  { name: 'group', label: 'of any offer of the group', input: 'group' },
  { name: 'within', label: 'not longer ago than', input: 'duration' },
  { name: 'channel', label: 'in the channel', input: 'channel' },
  { name: 'placement', label: 'in the placement', input: 'placement' },
  {
    name: 'aggregate',
    label: 'of all these',
    input: 'choice',
    choices: SAID.map(({ name }) => name),
    default: SAID[0]?.name ?? '',
  },
];
const PARAMS = FORM.map(({ name }) => name);

/** The declaration of the fact; its params are those of `docs/rules.md`. */
export const contactsFact: FactDeclaration = {
  name: 'contacts',
  hint: 'what became of offers for the person; "params" say of which, and what',
  source: 'history',
  readsVisitor: true,
  scoped: false,
  isScopedWith: ({ within }) => goesByClocks(windowOf(textOf(within))),
  cost: 20,
  form: FORM,
  problems,
  shape: ({ aggregate }) => shapeOf(findAggregate(aggregate)),
  compile: (params) => {
    const query = queryOf(params);
    return (facts) => tell(contactsOf(query, facts), query.tells, facts.now);
  },
  say,
};

/** Which contacts are meant, and what is said of them. */
interface ContactsQuery {
  readonly event: HappenedEvent;
  readonly offer: string | undefined;
  readonly group: string | undefined;
  readonly within: string | undefined;
  readonly channel: string | undefined;
  readonly placement: string | undefined;
  readonly tells: Tells | undefined;
}

function queryOf({ event, offer, group, within, channel, placement, aggregate }: JsonObject): ContactsQuery {
  return {
    event: happenedEvents.find((one) => one === event) ?? 'shown',
    offer: textOf(offer),
    group: textOf(group),
    within: textOf(within),
    channel: textOf(channel),
    placement: textOf(placement),
    tells: findAggregate(aggregate)?.tells,
  };
}

/** In order of time; none where the history is withheld for want of consent, though limits still go by it. */
function contactsOf(query: ContactsQuery, facts: DecisionFacts): readonly Contact[] {
  const { now, visitor, known, withheld } = facts;
  if (withheld.some((guard) => guard.facts.includes(GUARDED.history))) return [];
  const contacts = visitor.contacts();
  const window = windowOf(query.within);
  const from = countsFrom(window, now, goesByClocks(window) ? zoneOf(facts) : 'UTC');
  const isMeant = ({ at, channel, placement }: Contact) =>
    at >= from &&
    at <= now + CLOCKS_APART_MS &&
    (query.channel === undefined || channel === query.channel) &&
    (query.placement === undefined || placement === query.placement);
  const found = offersIn(query, facts).flatMap((offer) =>
    happened(contacts, offer, query.event, known?.goalOf(offer)).filter(isMeant),
  );
  return query.offer === undefined ? found.sort((a, b) => a.at - b.at) : found;
}

function offersIn({ offer, group }: ContactsQuery, { visitor, known }: DecisionFacts): readonly string[] {
  if (offer !== undefined) return [offer];
  return group === undefined ? visitor.contacts().offers() : (known?.members(group) ?? []);
}

function tell(found: readonly Contact[], tells: Tells | undefined, now: Millis): Json | undefined {
  const [first, last] = [found[0], found.at(-1)];
  switch (tells) {
    case 'how-many':
      return found.length;
    case 'earliest':
      return first && told(first);
    case 'latest':
      return last && told(last);
    case 'age-of-earliest':
      return first && Math.max(0, now - first.at) / 1_000;
    case 'age-of-latest':
      return last && Math.max(0, now - last.at) / 1_000;
    default:
      return undefined;
  }
}

function told({ event, offer, at, channel, placement }: Contact): JsonObject {
  return {
    event,
    offer,
    timestamp: iso(at),
    ...(channel !== undefined && { channel }),
    ...(placement !== undefined && { placement }),
  };
}

const TEXT: ValueShape = { kind: 'text' };
const MAYBE: ValueShape = { kind: 'text', missing: true };
const CONTACT: ValueShape = {
  kind: 'object',
  missing: true,
  parts: { event: TEXT, offer: TEXT, timestamp: TEXT, channel: MAYBE, placement: MAYBE },
};

function shapeOf(aggregate: AggregateDeclaration | undefined): ValueShape {
  const isOne = aggregate?.tells === 'earliest' || aggregate?.tells === 'latest';
  return isOne ? CONTACT : (aggregate?.shape(false) ?? ANY_VALUE);
}

/** `times pet-camera was shown (within 7d)`, `the last time any offer was dismissed`. */
function say({ event, offer, group, aggregate, ...more }: JsonObject, path: string | undefined): string {
  const which = textOf(offer) ?? (group === undefined ? 'any offer' : `any offer of ${textOf(group)}`);
  const happening = `${which} was ${textOf(event)}`;
  const said = findAggregate(aggregate);
  const text = said?.tells === 'how-many' ? `times ${happening}` : (said?.say(`time ${happening}`, path) ?? happening);
  const narrowed = Object.entries(more).map(([name, value]) => `${name} ${textOf(value)}`);
  return narrowed.length === 0 ? text : `${text} (${narrowed.join(', ')})`;
}

/** What is wrong with these params, in plain words. */
function problems(params: JsonObject): readonly FactProblem[] {
  const { event, offer, group } = params;
  return [
    ...Object.keys(params).flatMap((name) => nameProblem(name)),
    ...PARAMS.flatMap((name) => textProblem(name, params[name])),
    ...eventProblem(event),
    ...(offer !== undefined && group !== undefined ? [BOTH] : []),
    ...withinProblem(params['within']),
    ...aggregateProblem(params['aggregate']),
  ];
}

const BOTH: FactProblem = {
  path: ['params', 'group'],
  message: '"group" stands beside "offer", which says which one; remove one of the two',
  isAboutName: true,
};

function nameProblem(name: string): FactProblem[] {
  if (PARAMS.includes(name)) return [];
  const message = `unknown param "${name}"; the params of contacts are ${PARAMS.join(', ')}`;
  return [{ path: ['params', name], message, isAboutName: true }];
}

function textProblem(name: string, value: Json | undefined): FactProblem[] {
  const isText = value === undefined || (typeof value === 'string' && value !== '');
  return isText ? [] : [{ path: ['params', name], message: `"${name}" must be a text` }];
}

function eventProblem(event: Json | undefined): FactProblem[] {
  if (happenedEvents.some((one) => one === event)) return [];
  const known = happenedEvents.join(', ');
  if (event === undefined)
    return [{ path: [], message: `contacts need "params": { "event": "…" }, what became of an offer: ${known}` }];
  if (typeof event !== 'string' || event === '') return [];
  return [
    { path: ['params', 'event'], message: `"${event}" is nothing that becomes of an offer; use one of ${known}` },
  ];
}

function withinProblem(within: Json | undefined): FactProblem[] {
  const text = textOf(within);
  if (text === undefined || text === '' || CALENDAR.includes(text) || parseDuration(text) !== undefined) return [];
  const message = `"${text}" is not a duration; ${durationRemedy(text, '7d')}, or ${CALENDAR.join(', ')}`;
  return [{ path: ['params', 'within'], message }];
}

function aggregateProblem(aggregate: Json | undefined): FactProblem[] {
  const isSaid = SAID.some(({ name }) => name === (aggregate ?? SAID[0]?.name));
  if (isSaid || typeof aggregate !== 'string' || aggregate === '') return [];
  const known = SAID.map(({ name }) => name).join(', ');
  return [
    { path: ['params', 'aggregate'], message: `unknown aggregate "${aggregate}"; of contacts use one of ${known}` },
  ];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
