import { MOST_SEARCH_TRAITS } from '../../engine/visitor/search-policy.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';

/** Each trait is looked at whenever somebody's traits are written. */
export function checkSearch(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  const traits = file.root?.get('traits');
  const count = traits?.members.size ?? 0;
  if (!traits || count <= MOST_SEARCH_TRAITS) return;
  findings.add(
    file,
    traits.offset,
    `${count} traits are more than people can be found by; keep the ${MOST_SEARCH_TRAITS} that the desk asks for`,
  );
}
