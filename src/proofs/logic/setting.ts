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
export function domainIn(setting: Setting | undefined, { domain, settledBy }: Term): Domain {
  if (!setting || settledBy === undefined) return domain;
  const { placements, channels, window } = setting;
  switch (settledBy) {
    case 'placement':
      return oneOfTexts(placements);
    case 'channel':
      // Where neither the request nor the placement names a channel, the context may say anything.
      return channels?.includes('') === false ? oneOfTexts(channels) : domain;
    default:
      return (window && clockIn(window, settledBy, domain)) ?? domain;
  }
}
