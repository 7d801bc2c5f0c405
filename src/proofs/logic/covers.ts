import type { Json, JsonObject } from '../../engine/language/json.js';
import { isConditionTree } from '../../engine/language/condition-definition.js';
import { findCalendarWindow } from '../../engine/values/calendar-window.js';
import { exactKey } from './exact-key.js';
import type { CountedQuery } from './term.js';

/** Whether every interaction that `narrow` is about is one that `wide` counts. */
export function covers(wide: CountedQuery, narrow: CountedQuery, narrowWithinMs = narrow.withinMs): boolean {
  if (wide.event !== undefined && wide.event !== narrow.event) return false;
  if (wide.channel !== undefined && wide.channel !== narrow.channel) return false;
  if (!coversWhere(wide.where, narrow.where)) return false;
  if (!coversWindow(wide.during, narrow.during)) return false;
  if (wide.isLifetime) return true;
  return !narrow.isLifetime && wide.withinMs >= narrowWithinMs;
}

/** What a window of the calendar leaves out may be as young as what another holds. */
function coversWindow(wide: Json | undefined, narrow: Json | undefined): boolean {
  if (wide === undefined || wide === narrow) return true;
  const holds = findCalendarWindow(wide)?.holds ?? [];
  return typeof narrow === 'string' && holds.includes(narrow);
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
