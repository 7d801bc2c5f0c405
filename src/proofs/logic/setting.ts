import type { Window } from '../../engine/rulebook.js';
import { clockIn } from './clock-in-window.js';
import { oneOfTexts, type Domain } from './domain.js';
import type { Term } from './term.js';

/** Where and when a condition is asked: what is then certain of the request and the clock. */
export interface Setting {
  /** The placements of which one is being decided. */
  readonly placements: readonly string[];
  /** The channels of which one is the request's; undefined for any. */
  readonly channels: readonly string[] | undefined;
  /** Undefined for any time. */
  readonly window?: Window;
}

/** What a term may be there. */
export function domainIn(setting: Setting | undefined, { domain, reference, names = [] }: Term): Domain {
  const [name, ...more] = names;
  if (!setting || name === undefined || more.length > 0) return domain;
  if (reference.fact === 'now') return (setting.window && clockIn(setting.window, name, domain)) ?? domain;
  const told = reference.fact === 'context' ? toldBy(setting, name) : undefined;
  return told ? oneOfTexts(told) : domain;
}

function toldBy({ placements, channels }: Setting, name: string): readonly string[] | undefined {
  if (name === 'placement') return placements;
  // Where neither the request nor the placement names a channel, the context may say anything.
  return name === 'channel' && channels?.includes('') === false ? channels : undefined;
}
