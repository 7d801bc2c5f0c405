import { parseDuration, type Millis } from '../../engine/language/millis.js';
import { USUAL_HOLD_MS } from '../../engine/limits/compile-limits.js';
import { calendarUnitMs } from '../../engine/values/calendar-window.js';
import { windowOf, type CountWindow } from '../../engine/values/count-window.js';
import type { SourceNode } from '../read/source-node.js';
import { CALENDAR_WORDS } from './check-duration.js';

/** What a cap or a contact limit counts, as a rule file writes it. */
export interface WrittenLimit {
  readonly event: string;
  readonly limit: number;
  readonly isTotal: boolean;
  /** Undefined for ever. */
  readonly window: CountWindow | undefined;
  /** By whose clocks; undefined for the visitor's. */
  readonly timeZone: string | undefined;
  readonly holdMs: Millis;
}

/** Reads a cap or a contact limit; undefined where something in it can't be read, as nothing is certain of it then. */
export function writtenLimit(node: SourceNode): WrittenLimit | undefined {
  const [event, limit] = [node.get('event')?.text, node.get('limit')?.value];
  const [within, hold] = [node.get('within'), node.get('hold')];
  const isRead = isWindow(within) && (!hold || millisOf(hold) !== undefined);
  if (event === undefined || typeof limit !== 'number' || !isRead) return undefined;
  const isTotal = node.get('per')?.text === 'total';
  return {
    event,
    limit,
    isTotal,
    window: windowOf(within?.text),
    // What is counted in total is counted by the clocks of one place.
    timeZone: node.get('timeZone')?.text ?? (isTotal ? 'UTC' : undefined),
    holdMs: event === 'decided' ? 0 : (millisOf(hold) ?? USUAL_HOLD_MS),
  };
}

/** Whether all that one of them counts at a moment the wider counts then too, wherever clocks are and are set. */
export function countsAll(wider: WrittenLimit, narrower: WrittenLimit): boolean {
  if (wider.event !== narrower.event || wider.isTotal !== narrower.isTotal) return false;
  // In total each counter has holds of its own; a visitor's contact has one, the longest.
  if (wider.isTotal && wider.holdMs < narrower.holdMs) return false;
  return isAsLong(wider, narrower);
}

function isAsLong(wider: WrittenLimit, narrower: WrittenLimit): boolean {
  const [long, short] = [wider.window, narrower.window];
  if (!long) return true;
  if (!short) return false;
  if ('ms' in long) return long.ms >= ('ms' in short ? short.ms : calendarUnitMs(short));
  if ('ms' in short || wider.timeZone !== narrower.timeZone) return false;
  return long.unit === short.unit || short.unit === 'day';
}

function isWindow(within: SourceNode | undefined): boolean {
  return !within || CALENDAR_WORDS.includes(within.text ?? '') || millisOf(within) !== undefined;
}

function millisOf(duration: SourceNode | undefined): Millis | undefined {
  return duration?.text === undefined ? undefined : parseDuration(duration.text);
}
