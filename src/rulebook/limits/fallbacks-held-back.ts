import type { Findings } from '../read/findings.js';
import { isLive, type RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import { policyOfOffer, type PolicyPart } from './policy-of-offer.js';

/** Warns of each placement whose fallback the contact policy may hold back. */
export function fallbacksHeldBack(policy: RuleFile, index: RuleIndex, warnings: Findings): void {
  for (const placement of index.files('placements').filter(isLive)) {
    const fallback = placement.root?.get('fallback');
    const offer = fallback?.text === undefined ? undefined : index.find('offers', fallback.text);
    if (!fallback || !offer || !isLive(offer)) continue;
    const { suppression, quietHours, limits } = policyOfOffer(policy.root, offer);
    const channel = placement.root?.get('channel')?.text;
    const here = [...suppression, ...[...quietHours, ...limits].filter((part) => isAsked(part, channel))];
    if (here.length > 0)
      warnings.add(
        placement,
        fallback.offset,
        `the contact policy may hold the fallback "${offer.id}" back (${named(here)}), and then there is nothing to ` +
          `show here; mark it transactional in offers/${offer.id}: "transactional": true`,
      );
  }
}

/** A placement without a channel may be asked for in any. */
function isAsked({ node }: PolicyPart, channel: string | undefined): boolean {
  const channels = node.get('channels');
  return !channels || channel === undefined || textsOf(channels).includes(channel);
}

function named(parts: readonly PolicyPart[]): string {
  const names = parts.slice(0, MOST_NAMED).map(({ at }) => at);
  const more = parts.length > MOST_NAMED ? ` and ${parts.length - MOST_NAMED} more` : '';
  return `${names.join(', ')}${more}`;
}

const MOST_NAMED = 3;
