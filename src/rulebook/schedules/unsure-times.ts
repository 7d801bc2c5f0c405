import { iso } from '../../engine/language/millis.js';
import { readTime } from '../../engine/values/read-time.js';
import { instantOf, instantsOf, wallOf } from '../../engine/values/wall-clock.js';
import { Findings } from '../read/findings.js';
import { saysNoZone } from '../read/instant.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleProblem } from '../read/rule-problem.js';
import type { SourceNode } from '../read/source-node.js';

/**
 * Each time of a schedule that the clocks of its zone never show, as they are set forward, or show twice, as they are
 * set back, with the instant that it is taken for.
 */
export function unsureTimes(files: readonly RuleFile[]): RuleProblem[] {
  const warnings = new Findings();
  for (const file of files) {
    const ofLevers = file.root?.get('levers')?.items.map((lever) => lever.get('schedule')) ?? [];
    for (const schedule of [file.root?.get('schedule'), ...ofLevers]) if (schedule) look(file, schedule, warnings);
  }
  return warnings.sorted();
}

function look(file: RuleFile, schedule: SourceNode, warnings: Findings): void {
  const timeZone = schedule.get('timeZone')?.text;
  if (timeZone === undefined) return;
  for (const node of [schedule.get('from'), schedule.get('until')]) {
    const doubt = node?.text === undefined ? undefined : doubtOf(node.text, timeZone);
    if (node && doubt !== undefined) warnings.add(file, node.offset, doubt);
  }
}

/** Days are in no doubt: one begins with the first moment that there is of it. */
function doubtOf(when: string, timeZone: string): string | undefined {
  const wall = saysNoZone(when) ? readTime(when, 'UTC') : undefined;
  if (!wall || 'wrong' in wall) return undefined;
  const taken = instantOf(wall.at, timeZone);
  const [first, second] = instantsOf(wall.at, timeZone);
  if (first === undefined)
    return (
      `the clocks of ${timeZone} never show "${when}", as they are set forward over it; it is taken for the moment ` +
      `at which they show ${shown(wallOf(taken, timeZone))}, ${iso(taken)}; write a time that they show`
    );
  if (second === undefined) return undefined;
  return (
    `the clocks of ${timeZone} show "${when}" twice, as they are set back; the first is taken, ${iso(first)}; ` +
    `write that instead, or ${iso(second)} for the second`
  );
}

/** What a clock shows, as rule files write it. */
function shown(wall: number): string {
  return `"${iso(wall).replace(/(?::00)?(?:\.000)?Z$/, '')}"`;
}
