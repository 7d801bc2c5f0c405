import type { Json, JsonObject } from '../language/json.js';
import { durationRemedy, parseDuration } from '../language/millis.js';
import { GUARDED } from '../visitor/consent.js';
import type { Contact } from '../visitor/contacts.js';
import { CLOCKS_APART_MS, happened, type HappenedEvent } from '../visitor/happened.js';
import type { DecisionFacts } from './decision-facts.js';
import type { FactDeclaration, FactProblem, FormField } from './fact-declaration.js';

const EVENTS: readonly HappenedEvent[] = ['decided', 'shown', 'clicked', 'accepted', 'dismissed', 'rated'];

const FORM: readonly FormField[] = [
  { name: 'event', label: 'what became of it', input: 'choice', choices: EVENTS },
  { name: 'offer', label: 'of the offer', input: 'text' },
  { name: 'group', label: 'of all offers of the group', input: 'text' },
  { name: 'within', label: 'not longer ago than', input: 'duration' },
  { name: 'channel', label: 'in the channel', input: 'channel' },
  { name: 'placement', label: 'in the placement', input: 'text' },
];
const PARAMS: readonly string[] = FORM.map(({ name }) => name);

/**
 * `contacts`: how often something became of an offer, or of all offers of a group, for the person: what limits count,
 * by the same reading. Of each event of each offer the latest 50 are known.
 */
export const contactsFact: FactDeclaration = {
  name: 'contacts',
  hint: 'how often an offer, or a group of them, was decided, shown, clicked, accepted, dismissed or rated',
  source: 'history',
  readsVisitor: true,
  scoped: false,
  cost: 20,
  shape: () => ({ kind: 'number', min: 0, whole: true }),
  form: FORM,
  problems: contactsProblems,
  compile: (params) => {
    const { event, offer, group } = params;
    const counts = counting(params);
    return (facts) => {
      // What caps go by whatever the person has consented to, rules may not look at without their consent.
      if (facts.withheld.some((guard) => guard.facts.includes(GUARDED.history))) return 0;
      const offers = typeof offer === 'string' ? [offer] : (facts.known?.members(textOf(group)) ?? []);
      const contacts = facts.visitor.contacts();
      return offers.reduce((sum, id) => {
        const all = happened(contacts, id, event as HappenedEvent, facts.known?.goalOf(id));
        return sum + all.filter((one) => counts(one, facts)).length;
      }, 0);
    };
  },
  say: ({ event, offer, group, ...more }) => {
    const narrowed = Object.entries(more).map(([name, value]) => `${name} ${textOf(value)}`);
    const what = offer === undefined ? `offers of ${textOf(group)}` : textOf(offer);
    return `times ${what} was ${textOf(event)}${narrowed.length > 0 ? ` (${narrowed.join(', ')})` : ''}`;
  },
};

function counting({ within, channel, placement }: JsonObject): (one: Contact, facts: DecisionFacts) => boolean {
  const ms = typeof within === 'string' ? (parseDuration(within) ?? Infinity) : Infinity;
  return (one, { now }) =>
    one.at > now - ms &&
    one.at <= now + CLOCKS_APART_MS &&
    (channel === undefined || one.channel === channel) &&
    (placement === undefined || one.placement === placement);
}

function contactsProblems(params: JsonObject): readonly FactProblem[] {
  const { event, offer, group, within } = params;
  const problems = Object.keys(params).flatMap((name): FactProblem[] => {
    if (!PARAMS.includes(name))
      return [
        {
          path: ['params', name],
          message: `unknown param "${name}"; the params of contacts are ${PARAMS.join(', ')}`,
          isAboutName: true,
        },
      ];
    const isText = typeof params[name] === 'string' && params[name] !== '';
    return isText ? [] : [{ path: ['params', name], message: `"${name}" must be a text` }];
  });
  if (problems.length > 0) return problems;
  if ((offer === undefined) === (group === undefined))
    problems.push({
      path: ['params'],
      message: 'contacts are with an "offer" or with a "group" of offers; write one of the two, by its id',
    });
  if (!EVENTS.includes(event as HappenedEvent))
    problems.push({
      path: event === undefined ? ['params'] : ['params', 'event'],
      message: `contacts need an "event": what became of the offer, one of ${EVENTS.join(', ')}`,
    });
  if (typeof within === 'string' && parseDuration(within) === undefined)
    problems.push({
      path: ['params', 'within'],
      message: `"${within}" is not a duration; ${durationRemedy(within, '30d')}`,
    });
  return problems;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
