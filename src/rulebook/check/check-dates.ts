import type { Findings } from '../read/findings.js';
import { instant, whenProblem } from '../read/instant.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';

/** The dates of a schedule must be real ones, and it must begin before it ends. */
export function checkDates(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  checkEach(file, [file.root?.get('schedule', 'from'), file.root?.get('schedule', 'until')], findings);
  checkOrder(file, findings);
}

/** Every date of a case must be a real one. */
export function checkCaseDates(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  const { root } = file;
  const interactions = root?.get('visitor', 'interactions')?.items ?? [];
  const consents = [...(root?.get('visitor', 'consents')?.members.values() ?? [])];
  const dates = [
    root?.get('now'),
    ...interactions.map((one) => one.get('timestamp')),
    ...consents.map(({ node }) => node.get('until')),
  ];
  checkEach(file, dates, findings);
}

function checkEach(file: RuleFile, dates: readonly (SourceNode | undefined)[], findings: Findings): void {
  for (const node of dates) {
    const problem = node?.text === undefined ? undefined : whenProblem(node.text);
    if (node && problem !== undefined) findings.add(file, node.offset, problem);
  }
}

function checkOrder(file: RuleFile, findings: Findings): void {
  const from = file.root?.get('schedule', 'from');
  const until = file.root?.get('schedule', 'until');
  if (from?.text === undefined || until?.text === undefined || instant(from.text) < instant(until.text)) return;
  if (whenProblem(from.text) !== undefined || whenProblem(until.text) !== undefined) return;
  findings.add(
    file,
    until.offset,
    `"until" must be later than "from"; it is in force from ${from.text} until just before ${until.text}, ` +
      'which is never',
  );
}
