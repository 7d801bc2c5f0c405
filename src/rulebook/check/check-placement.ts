import type { Findings } from '../read/findings.js';
import { RULE_KINDS, type RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import { checkTimeZone } from '../schedules/check-time-zone.js';
import { checkKnown } from './check-known.js';
import { checkLocale } from './check-templates.js';
import { hasTreatmentFor, noTreatment } from '../templates/treatment-lookup.js';

/** A placement's fallback must be an offer that can be shown there; its time zone must exist. */
export function checkPlacement(file: RuleFile, index: RuleIndex, findings: Findings): void {
  checkTimeZone(file, file.root?.get('timeZone'), findings);
  checkLocale(file, file.root?.get('locale'), findings);
  const fallback = file.root?.get('fallback');
  if (fallback?.text === undefined) return;
  if (!checkKnown({ file, node: fallback, kind: 'offers', index }, findings)) return;
  const offer = index.find('offers', fallback.text);
  if (
    !offer?.root ||
    hasTreatmentFor(offer.root, file.id, ownChannel(file)) ||
    hasTreatmentFor(offer.root, file.id, channelsOfRules(file, index))
  )
    return;
  findings.add(file, fallback.offset, noTreatment(offer, file));
}

function ownChannel(placement: RuleFile): string[] {
  const own = placement.root?.get('channel')?.text;
  return own === undefined ? [] : [own];
}

/**
 * A fallback may be asked for in the channels that the placement's rules speak for, too. To find them all rules are
 * gone through.
 */
function channelsOfRules(placement: RuleFile, index: RuleIndex): string[] {
  const rules = index
    .files(...RULE_KINDS)
    .filter((rule) => textsOf(rule.root?.get('placements')).includes(placement.id));
  return rules.flatMap((rule) => textsOf(rule.root?.get('channels')));
}
