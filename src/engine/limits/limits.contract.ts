import { compileRulebook } from '../compile.js';
import { decide } from '../decide.js';
import type { DecideInput } from '../decision-run.js';
import { explain } from '../explain/explain.js';
import type { ContactPolicyDefinition } from '../language/contact-definition.js';
import type { Definitions } from '../language/definitions.js';
import type { OfferDefinition, TreatmentDefinition } from '../language/offer-definition.js';
import type { PlacementDefinition } from '../language/placement-definition.js';
import type { Rulebook } from '../rulebook.js';
import type { Contact, GoalReached } from '../visitor/contacts.js';
import { visitorView } from '../visitor/visitor.js';

/** A Saturday, at ten. */
export const NOW = Date.parse('2026-11-21T10:00:00Z');
export const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** Offers that everybody gets, in the order of their names. */
export interface Shelf {
  readonly offers: Readonly<Record<string, Partial<OfferDefinition>>>;
  readonly placements?: Readonly<Record<string, Partial<PlacementDefinition>>>;
  readonly contact?: Partial<ContactPolicyDefinition>;
}

/** A rulebook in which a rule puts every offer forward in every placement, the first one first. */
export function shelf({ offers, placements = { hero: {} }, contact }: Shelf): Rulebook {
  const ids = Object.keys(offers);
  const definitions: Definitions = {
    placements: new Map(Object.entries(placements).map(([id, more]) => [id, { name: id, channel: 'web', ...more }])),
    offers: new Map(
      ids.map((id) => [id, { name: id, treatments: { '*': { content: { title: id } } }, ...offers[id] }]),
    ),
    segments: new Map(),
    rules: new Map(
      ids.map((id, at) => [
        `rule-${id}`,
        {
          name: id,
          placements: Object.keys(placements),
          conditions: { all: [] },
          event: { type: 'offer', params: { offer: id } },
          priority: 100 - at,
        },
      ]),
    ),
    cases: new Map(),
    ...(contact && { contact: { name: 'Left alone', ...contact } }),
  };
  const tools = {
    renderer:
      ({ content }: TreatmentDefinition) =>
      () => ({
        content,
        actions: [],
      }),
    instant: (when: string) => Date.parse(when),
  };
  return compileRulebook(definitions, tools, { version: 1, digest: 'sha256:0' });
}

/** Who asks, and for what. */
export interface Asked extends Partial<Omit<DecideInput, 'visitor' | 'rulebook' | 'request'>> {
  readonly contacts?: readonly Contact[];
  readonly goals?: readonly GoalReached[];
  readonly placements?: readonly (string | { readonly id: string; readonly count: number })[];
  readonly channel?: string;
  readonly traits?: Readonly<Record<string, string>>;
  /** Whether the visitor could not be read. */
  readonly unread?: boolean;
}

/** What a decision is made from. */
export function inputOf(rulebook: Rulebook, asked: Asked = {}): DecideInput {
  const { contacts = [], goals = [], placements = ['hero'], channel, traits = {}, unread, ...more } = asked;
  return {
    now: NOW,
    ...more,
    rulebook,
    request: {
      placements: placements.map((one) => (typeof one === 'string' ? { id: one } : one)),
      context: {},
      ...(channel !== undefined && { channel }),
    },
    visitor: unread ? undefined : visitorView({ visitorId: 'v', traits, contacts, goals }),
  };
}

/** The offers decided, placement by placement. */
export function offersOf(rulebook: Rulebook, asked: Asked = {}): string[][] {
  return decide(inputOf(rulebook, asked)).map(({ items }) => items.map(({ offer }) => offer));
}

/** What an explanation of the first placement says of the rule of an offer. */
export function whyNot(rulebook: Rulebook, offer: string, asked: Asked = {}) {
  const [explained] = explain(inputOf(rulebook, asked)).explanation;
  return explained?.rules.find((rule) => rule.offer === offer);
}

let refs = 0;

/** A contact so long ago, of an item of its own where no number is given. */
export function ago(ms: number, event: Contact['event'], offer: string, more: Partial<Contact> = {}): Contact {
  return { event, offer, at: NOW - ms, ref: ++refs, ...more };
}
