import { findDeclaration } from '../../engine/facts/facts.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { RULE_KINDS, type Kind } from '../../rulebook/read/rule-file.js';
import type { Converted } from './convert-conditions.js';

const [PROACTIVE, CONTEXTUAL] = RULE_KINDS;

/** A rule of json-rules-engine on its way to a rule file. */
export interface SourceRule {
  readonly name: string;
  readonly priority: Json | undefined;
  readonly event: JsonObject;
  readonly offer: string;
  readonly placements: readonly string[];
  readonly converted: Converted;
}

/** The rule file of a rule. What it was is kept with it: its event whole, and in words what could not be kept. */
export function ruleDefinition({ name, priority, event, offer, placements, converted }: SourceRule): {
  readonly kind: Kind;
  readonly definition: JsonObject;
} {
  const { condition, facts, lost } = converted;
  const kind = facts.some(({ to }) => isOfTheMoment(to)) ? CONTEXTUAL : PROACTIVE;
  const definition = {
    name,
    ...(lost.length > 0 && { description: `Imported, and to be looked at: ${lost.join('; ')}.` }),
    placements,
    conditions: condition as unknown as Json,
    event: { type: 'offer', params: isOfferEvent(event) ? { ...event.params, offer } : { offer, imported: event } },
    ...priorityOf(priority),
    ...(lost.length > 0 && { status: 'draft' }),
  };
  return { kind, definition };
}

/** Facts about what the person did, or about the request. */
function isOfTheMoment(fact: string): boolean {
  const source = findDeclaration(fact)?.source;
  return source === 'history' || source === 'request';
}

/** An offer to be filled in: it shows what the event said. */
export function offerDraft(name: string, { params }: JsonObject): JsonObject {
  const { title = name, ...content } = (isObject(params) ? params : {}) as Record<string, Json>;
  return {
    name,
    description: 'Imported: say how it looks, and take the status away.',
    status: 'draft',
    treatments: { '*': { content: literal({ title, ...content }) as JsonObject } },
  };
}

/** The segment of a named condition. */
export function segmentDefinition(name: string, { condition, lost }: Converted): JsonObject {
  const description = lost.length > 0 ? { description: `Imported, and to be looked at: ${lost.join('; ')}.` } : {};
  return { name, ...description, conditions: condition as unknown as Json };
}

/** Like the library: what is falsy is 1, and of a text or a fraction the whole number counts. */
function priorityOf(priority: Json | undefined): { priority?: Json } {
  if (!priority) return {};
  const whole = Number.parseInt(typeof priority === 'string' ? priority : JSON.stringify(priority), 10);
  return Number.isNaN(whole) ? { priority } : { priority: whole };
}

/** Rules that were Usher's before. */
function isOfferEvent(event: JsonObject): event is JsonObject & { readonly params: JsonObject } {
  return event['type'] === 'offer' && isObject(event['params']) && typeof event['params']['offer'] === 'string';
}

/** A value whose texts are shown as they are, whatever a template would make of them. */
export function literal(value: Json): Json {
  if (typeof value === 'string') return /\{[{%]/.test(value) ? `{% raw %}${value}{% endraw %}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, literal(inner)]));
}
