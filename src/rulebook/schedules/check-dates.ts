import { isTimeZone } from '../../engine/values/wall-clock.js';
import type { Findings } from '../read/findings.js';
import { instant, saysNoZone, whenProblem } from '../read/instant.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { checkTimeZone } from './check-time-zone.js';

/** The dates of a schedule must be real ones, in a time zone that exists, and it must begin before it ends. */
export function checkDates(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  checkSchedule(file, file.root?.get('schedule'), findings);
}

/** The same for the schedule that stands at a node; nothing where there is none. */
export function checkSchedule(file: RuleFile, schedule: SourceNode | undefined, findings: Findings): void {
  const zone = schedule?.get('timeZone');
  checkTimeZone(file, zone, findings);
  // A zone that does not exist is one problem, not three.
  const timeZone = zone && (isTimeZone(zone.text ?? '') ? zone.text : 'UTC');
  for (const node of [schedule?.get('from'), schedule?.get('until')]) {
    const problem = node?.text === undefined ? undefined : whenProblem(node.text, timeZone);
    if (node?.text === undefined || problem === undefined) continue;
    const orName = saysNoZone(node.text) ? ', or name the zone of the schedule: "timeZone": "Europe/Brussels"' : '';
    findings.add(file, node.offset, `${problem}${orName}`);
  }
  checkOrder(file, { schedule, timeZone }, findings);
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

function checkOrder(
  file: RuleFile,
  { schedule, timeZone }: { readonly schedule: SourceNode | undefined; readonly timeZone: string | undefined },
  findings: Findings,
): void {
  const from = schedule?.get('from');
  const until = schedule?.get('until');
  if (from?.text === undefined || until?.text === undefined) return;
  const [begins, ends] = [instant(from.text, timeZone), instant(until.text, timeZone)];
  if (Number.isNaN(begins) || Number.isNaN(ends) || begins < ends) return;
  findings.add(
    file,
    until.offset,
    `"until" must be later than "from"; it is in force from ${from.text} until just before ${until.text}, ` +
      'which is never',
  );
}
