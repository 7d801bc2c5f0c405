import type { Json, JsonObject } from '../../engine/language/json.js';
import { parseDuration } from '../../engine/language/duration.js';
import { isConditionTree } from '../../engine/facts/interaction-query.js';
import { exactKey } from './exact-key.js';

/** Which interactions a fact is about, and what is told of them. */
export interface CountedQuery {
  readonly event: Json | undefined;
  readonly channel: Json | undefined;
  readonly where: Json | undefined;
  /** Milliseconds; infinite for all that is retained. */
  readonly withinMs: number;
  /** What is no longer retained counts too. */
  readonly isLifetime: boolean;
  readonly aggregate: string;
  readonly property: Json | undefined;
}

/** Reads the params of the fact `interactions`, which have no problems. */
export function interactionQuery({
  event,
  channel,
  where,
  within,
  aggregate = 'count',
  property,
}: JsonObject): CountedQuery {
  const duration = typeof within === 'string' ? parseDuration(within) : undefined;
  const isCount = aggregate === 'count';
  return {
    event,
    channel,
    where: isNarrowing(where) ? where : undefined,
    withinMs: duration ?? Infinity,
    isLifetime: within === 'lifetime',
    aggregate: typeof aggregate === 'string' ? aggregate : '',
    property: isCount ? undefined : property,
  };
}

/** Whether every interaction that `narrow` is about is one that `wide` counts. */
export function covers(wide: CountedQuery, narrow: CountedQuery, narrowWithinMs = narrow.withinMs): boolean {
  if (wide.event !== undefined && wide.event !== narrow.event) return false;
  if (wide.channel !== undefined && wide.channel !== narrow.channel) return false;
  if (!coversWhere(wide.where, narrow.where)) return false;
  if (wide.isLifetime) return true;
  return !narrow.isLifetime && wide.withinMs >= narrowWithinMs;
}

function coversWhere(wide: Json | undefined, narrow: Json | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  if (exactKey(wide) === exactKey(narrow)) return true;
  if (isConditionTree(wide as JsonObject) || isConditionTree(narrow as JsonObject)) return false;
  const properties = narrow as JsonObject;
  return Object.entries(wide as JsonObject).every(
    ([name, value]) => Object.hasOwn(properties, name) && properties[name] === value,
  );
}

/** An empty `where` narrows nothing. */
function isNarrowing(where: Json | undefined): boolean {
  return typeof where === 'object' && where !== null && Object.keys(where).length > 0;
}
