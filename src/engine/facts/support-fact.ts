import type { Json } from '../language/json.js';
import { sumUpSupport } from '../visitor/single-view-support.js';
import { plainFact, type WantedInteraction } from './fact-declaration.js';
import type { ValueShape } from './value-shape.js';

/** What is open between a person and support, as rules see it: the sums of what the single view tells. */
export interface Support {
  /** How many matters are open. */
  readonly open: number;
  /** Spent by the person on all that is open. */
  readonly openMinutes: number;
  /** How often they were in contact about what is open. */
  readonly contacts: number;
  /** How long something has been open, in seconds; absent where nothing is. */
  readonly openSeconds?: number;
  /** What the longest open is about; absent where no event said so. */
  readonly topic?: string;
  readonly resolved: number;
}

/** `support`: the matters that are open with support, told from the same words as the single view. */
export const supportFact = plainFact({
  name: 'support',
  hint: 'what is open with support, as the single view tells it',
  source: 'history',
  shape: {
    kind: 'object',
    parts: {
      open: counted(),
      openMinutes: { kind: 'number', min: 0 },
      contacts: counted(),
      openSeconds: { kind: 'number', min: 0, missing: true },
      topic: { kind: 'text', missing: true },
      resolved: counted(),
    },
  },
  readsVisitor: true,
  scoped: false,
  cost: 60,
  compile:
    () =>
    ({ visitor, now, singleView }): Support => {
      const policy = singleView.support;
      const heard = visitor.interactions().until(now, policy.looksAt, (event) => policy.kindOf(event) !== undefined);
      const { open, minutes, resolved } = sumUpSupport(heard, policy);
      const [longest] = open;
      return {
        open: open.length,
        openMinutes: minutes,
        contacts: open.reduce((sum, { contacts }) => sum + contacts, 0),
        ...(longest && { openSeconds: (now - longest.since) / 1_000 }),
        ...(longest?.topic !== undefined && { topic: longest.topic }),
        resolved,
      };
    },
  bringAbout,
});

function counted(): ValueShape {
  return { kind: 'number', min: 0, whole: true };
}

/** In the usual words: with others it is tried in vain. */
function bringAbout([part]: readonly string[], value: Json | undefined): readonly WantedInteraction[] {
  const contact = { ageMs: 60_000, event: 'Support Contacted' };
  if (part === 'topic') return typeof value === 'string' ? [{ ...contact, properties: { topic: value } }] : [];
  if (typeof value !== 'number' || value <= 0) return [];
  if (part === 'openSeconds') return [{ ...contact, ageMs: value * 1_000 }];
  if (part === 'openMinutes') return [{ ...contact, properties: { minutes: value } }];
  return [contact];
}
