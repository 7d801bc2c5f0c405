import type { Findings } from '../read/findings.js';
import { isLive, RULE_KINDS, type RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';

/**
 * Warns of each lease that another placement does not see: it holds an offer back in other channels, and where neither
 * placement names one, a request that names none asks for both in the same.
 */
export function leasesUnseen(index: RuleIndex, warnings: Findings): void {
  const open = index.files('placements').filter((one) => isLive(one) && !one.root?.get('channel'));
  if (!open.some(({ root }) => root?.get('lease'))) return;
  const made = new Map(open.map(({ id, root }) => [id, madeIn(id, root?.get('fallback')?.text, index)]));
  for (const { id, root, ...file } of open) {
    if (!root?.get('lease')) continue;
    const offers = made.get(id) ?? new Set();
    const others = open.filter((other) => other.id !== id && !offers.isDisjointFrom(made.get(other.id) ?? new Set()));
    const [other] = others;
    const [offer] = offers.intersection(made.get(other?.id ?? '') ?? new Set());
    if (other && offer !== undefined)
      warnings.add(
        file,
        root.keyOffset('lease'),
        `${quoted(others)} ${others.length === 1 ? 'does' : 'do'} not see this lease, of "${offer}" for one: ` +
          'it holds offers back in other channels, and a request that names no channel asks for both in none; ' +
          'give each of these placements a "channel"',
      );
  }
}

function quoted(placements: readonly RuleFile[]): string {
  const names = placements.slice(0, MOST_NAMED).map(({ id }) => `"${id}"`);
  const more = placements.length > MOST_NAMED ? ` and ${placements.length - MOST_NAMED} more` : '';
  return `${names.join(', ')}${more}`;
}

const MOST_NAMED = 3;

/** What may be made in a placement when no channel is asked for, and can be leased. */
function madeIn(placement: string, fallback: string | undefined, index: RuleIndex): Set<string> {
  const rules = index
    .files(...RULE_KINDS)
    .filter((rule) => isLive(rule) && !rule.root?.get('channels'))
    .filter(({ root }) => textsOf(root?.get('placements')).includes(placement));
  const offers = [fallback, ...rules.map(({ root }) => root?.get('event', 'params', 'offer')?.text)];
  return new Set(offers.filter((offer) => offer !== undefined && isLeasable(offer, index)) as string[]);
}

function isLeasable(id: string, index: RuleIndex): boolean {
  const offer = index.find('offers', id);
  return offer !== undefined && isLive(offer) && offer.root?.get('transactional')?.value !== true;
}
