import type { DecideInput } from '../../engine/decision-run.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import type { FactDeclaration } from '../../engine/facts/fact-declaration.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Rulebook, Window } from '../../engine/rulebook.js';
import type { Interaction } from '../../engine/visitor/interaction.js';
import { type Consent, visitorView } from '../../engine/visitor/visitor.js';
import { chosenValue } from './chosen-value.js';
import type { Constraint } from '../logic/counted-events.js';
import type { Literal } from '../logic/formula.js';
import { madeUpInteractions } from './made-up-interactions.js';
import { satisfies } from '../logic/possible-values.js';
import type { Witness } from '../logic/proof.js';

/** A visitor, and what is asked for them and when. */
export interface MadeUp {
  readonly id: string;
  readonly traits: JsonObject;
  readonly interactions: readonly Interaction[];
  /** Purposes that they consented to. */
  readonly granted: readonly string[];
  readonly context: JsonObject;
  readonly channel: string | undefined;
  readonly placement: string;
  readonly now: Millis;
}

/** Of whom nothing is known, and who asks for one placement. */
export function stranger(placement: string, now: Millis): MadeUp {
  return { id: SOMEBODY, traits: {}, interactions: [], granted: [], context: {}, channel: undefined, placement, now };
}

const SOMEBODY = 'made-up';

/** Where and when a visitor is made up. */
export interface Occasion {
  readonly placement: string;
  readonly timeZone: string;
  readonly window: Window;
}

/**
 * Somebody who is likely to satisfy literals, at a time within the window at which they may; whoever asks must try it
 * out. Undefined where there is no such time.
 */
export function madeUp(literals: readonly Literal[], { placement, timeZone, window }: Occasion): MadeUp | undefined {
  const constraints = [...Map.groupBy(literals, ({ atom }) => atom.term)].filter(
    (one): one is [NonNullable<Constraint[0]>, Literal[]] => one[0] !== undefined,
  );
  const from = (source: FactDeclaration['source']) =>
    constraints.filter(([term]) => term.declaration?.source === source);
  const now = instantFor(from('clock'), window, timeZone);
  if (now === undefined) return undefined;
  const { channel, ...context } = objectFor(from('request'), now) as { readonly channel?: Json };
  return {
    ...stranger(placement, now),
    id: idFor(from('identity')),
    traits: objectFor(from('traits'), now),
    interactions: madeUpInteractions(from('history'), now),
    context,
    channel: typeof channel === 'string' ? channel : undefined,
  };
}

/** What is decided for somebody. */
export function inputFor(
  { id, traits, interactions, granted, context, channel, placement, now }: MadeUp,
  rulebook: Rulebook,
): DecideInput {
  const consents = Object.fromEntries(
    granted.map((purpose): [string, Consent] => [purpose, { granted: true, until: undefined }]),
  );
  return {
    rulebook,
    now,
    request: { placements: [{ id: placement }], context, ...(channel !== undefined && { channel }) },
    visitor: visitorView({ visitorId: id, traits, consents, interactions }),
  };
}

/** Somebody in the words of a case file. */
export function tellMadeUp({ id, traits, interactions, granted, context, channel, placement, now }: MadeUp): Witness {
  const happened = interactions.map(({ event, timestamp, channel: where, properties }) => ({
    event,
    timestamp: iso(timestamp),
    channel: where,
    ...unlessEmpty('properties', properties),
  }));
  return {
    visitor: {
      ...(id !== SOMEBODY && { id }),
      ...unlessEmpty('traits', traits),
      ...(happened.length > 0 && { interactions: happened }),
      ...unlessEmpty('consents', Object.fromEntries(granted.map((purpose) => [purpose, 'granted']))),
    },
    request: { placements: [placement], ...(channel !== undefined && { channel }), ...unlessEmpty('context', context) },
    now: iso(now),
  };
}

/** Somebody in one line: the visitor, and what the request says besides the placement. */
export function sayWitness({ visitor, request }: Witness): string {
  const { channel, context } = request;
  return JSON.stringify({
    ...visitor,
    ...(channel !== undefined && { channel }),
    ...(context !== undefined && { context }),
  });
}

const HOUR_MS = 3_600_000;
/** Every hour of a fortnight, then 25 hours at a time: through all hours, weekdays and months. */
const STEPS_MS: readonly number[] = [...Array(336).keys()]
  .map((hour) => hour * HOUR_MS)
  .concat([...Array(700).keys()].map((step) => (336 + 25 * step) * HOUR_MS));

function instantFor(constraints: readonly Constraint[], { from, until }: Window, timeZone: string): Millis | undefined {
  if (constraints.length === 0) return from < until ? from : undefined;
  return STEPS_MS.map((step) => from + step).find((instant) => {
    if (instant >= until) return false;
    return constraints.every(([{ names, declaration }, literals]) => {
      const clock = declaration?.readClock?.(timeZone, instant);
      return !clock || names?.length !== 1 || satisfies(clock[names[0] ?? ''], literals);
    });
  });
}

const MOST_IDS = 2_000;

/**
 * Who falls into the shares that are wanted; whoever comes first where nobody is found, which is then tried out in
 * vain.
 */
function idFor(constraints: readonly Constraint[]): string {
  const ids = [
    SOMEBODY,
    ...Array.from({ length: constraints.length > 0 ? MOST_IDS : 0 }, (_, at) => `${SOMEBODY}-${at + 1}`),
  ];
  return (
    ids.find((id) =>
      constraints.every(([{ declaration, reference }, literals]) =>
        satisfies(declaration?.readId?.(id, reference.params ?? {}), literals),
      ),
    ) ?? SOMEBODY
  );
}

function objectFor(constraints: readonly Constraint[], now: Millis): JsonObject {
  const made: Record<string, Json> = {};
  for (const [{ names, domain }, literals] of constraints) {
    const value = chosenValue(domain, literals, now);
    if (value !== undefined && names && names.length > 0) place(made, names, value);
  }
  return made;
}

function place(into: Record<string, Json>, [name = '', ...more]: readonly string[], value: Json): void {
  if (name === '__proto__') return;
  if (more.length === 0) {
    into[name] = value;
    return;
  }
  const before = Object.hasOwn(into, name) ? into[name] : undefined;
  const inside: Record<string, Json> = isObject(before) ? { ...before } : {};
  place(inside, more, value);
  into[name] = inside;
}

function unlessEmpty(name: string, object: JsonObject): JsonObject {
  return Object.keys(object).length > 0 ? { [name]: object } : {};
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
