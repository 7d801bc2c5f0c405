import { iso } from '../../engine/language/millis.js';
import { readTime } from '../../engine/values/read-time.js';
import { instantOf, instantsOf, wallOf } from '../../engine/values/wall-clock.js';
import { Findings } from '../read/findings.js';
import { saysNoZone } from '../read/instant.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleProblem } from '../read/rule-problem.js';

/**
 * Each time of a schedule that the clocks of its zone never show, as they are set forward, or show twice, as they are
 * set back, with the instant that it is taken for.
 */
export function unsureTimes(files: readonly RuleFile[]): RuleProblem[] {
  const warnings = new Findings();
  for (const file of files) {
    const schedule = file.root?.get('schedule');
    const timeZone = schedule?.get('timeZone')?.text;
    for (const node of timeZone === undefined ? [] : [schedule?.get('from'), schedule?.get('until')]) {
      const doubt = node?.text === undefined ? undefined : doubtOf(node.text, timeZone ?? 'UTC');
      if (node && doubt !== undefined) warnings.add(file, node.offset, doubt);
    }
  }
  return warnings.sorted();
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
