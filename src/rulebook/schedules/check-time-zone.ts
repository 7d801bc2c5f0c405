import { isTimeZone } from '../../engine/values/wall-clock.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';
import { suggest } from '../read/suggest.js';

/** A time zone must be one that the runtime knows. */
export function checkTimeZone(file: RuleFile, node: SourceNode | undefined, findings: Findings): void {
  if (node?.text === undefined || isTimeZone(node.text)) return;
  const meant = suggest(node.text, Intl.supportedValuesOf('timeZone'));
  const remedy = meant === undefined ? '; write one such as "Europe/Brussels" or "UTC"' : `; did you mean "${meant}"?`;
  findings.add(file, node.offset, `unknown time zone "${node.text}"${remedy}`);
}
