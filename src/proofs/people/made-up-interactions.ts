import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import type { WantedInteraction } from '../../engine/facts/fact-declaration.js';
import { isConditionTree } from '../../engine/language/condition-definition.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Interaction } from '../../engine/visitor/interaction.js';
import { findCalendarWindow } from '../../engine/values/calendar-window.js';
import { chosenValue } from './chosen-value.js';
import type { Constraint } from '../logic/counted-events.js';
import type { CountedQuery } from '../logic/term.js';

/** More interactions than this are not made up. */
const MOST = 400;
const LONG_AGO_MS = 60 * 86_400_000;
const DEFAULT_EVENT = 'Something Happened';

/**
 * Interactions that are likely to fulfil what is asked of facts about the history; whoever asks must try it
 * out.
 */
export function madeUpInteractions(constraints: readonly Constraint[], now: Millis, channel = 'web'): Interaction[] {
  const made: Interaction[] = [];
  const narrowFirst = constraints.toSorted(([a], [b]) => (a.query?.withinMs ?? 0) - (b.query?.withinMs ?? 0));
  for (const [term, literals] of narrowFirst) {
    const value = chosenValue(term.domain, literals, now);
    const wanted = term.query
      ? ofQuery(term.query, value, made, now)
      : (term.declaration?.bringAbout?.(term.names ?? [], value) ?? []);
    for (const { event = DEFAULT_EVENT, ageMs, properties = {}, channel: own = channel } of wanted) {
      const timestamp = now - ageMs - (made.length % 100);
      // A rule may ask for more time than there are dates: nobody can be made up for it.
      if (!isDate(timestamp)) continue;
      made.push({
        event,
        timestamp,
        channel: own,
        properties,
        messageId: `m${made.length}`,
      });
    }
  }
  return made.sort((a, b) => a.timestamp - b.timestamp);
}

function isDate(at: Millis): boolean {
  return !Number.isNaN(new Date(at).getTime());
}

function ofQuery(
  query: CountedQuery,
  value: Json | undefined,
  made: readonly Interaction[],
  now: Millis,
): WantedInteraction[] {
  if (value === undefined) return [];
  const base = {
    event: textOf(query.event),
    channel: textOf(query.channel),
    properties: propertiesOf(query.where),
    ageMs:
      findCalendarWindow(query.during)?.likelyAgoMs ??
      (Number.isFinite(query.withinMs) ? query.withinMs * 0.9 : LONG_AGO_MS),
  };
  const withProperty = (one: Json): WantedInteraction => ({
    ...base,
    properties: { ...base.properties, [textOf(query.property) ?? 'value']: one },
  });
  switch (query.tells) {
    case 'how-many':
      return times(Number(value) - made.filter((one) => isMeant(one, base, now)).length, () => base);
    case 'how-many-values':
      return times(value, (index) => withProperty(`value ${index + 1}`));
    case 'age-of-earliest':
    case 'age-of-latest':
      return typeof value === 'number' ? [{ ...base, ageMs: value * 1_000 }] : [];
    default:
      return value === query.ofNone ? [] : [withProperty(value)];
  }
}

function times<T>(count: Json | undefined, make: (index: number) => T): T[] {
  return typeof count === 'number' && count > 0 && count <= MOST
    ? Array.from({ length: count }, (_, index) => make(index))
    : [];
}

function isMeant(one: Interaction, { event, channel, properties, ageMs }: WantedInteraction, now: Millis): boolean {
  if ((event !== undefined && one.event !== event) || (channel !== undefined && one.channel !== channel)) return false;
  return (
    now - one.timestamp <= ageMs / 0.9 &&
    Object.entries(properties ?? {}).every(([name, value]) => one.properties[name] === value)
  );
}

function propertiesOf(where: Json | undefined): JsonObject {
  return isObject(where) && !isConditionTree(where) ? where : {};
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
