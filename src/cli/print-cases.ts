import { styleText } from 'node:util';
import type { CaseCoverage } from '../rulebook/case-coverage.js';
import type { CaseResult } from '../rulebook/run-cases.js';
import { counted } from './counted.js';

/** How the cases came out, for people: every case, then the failures with what differs, then the rules they cover. */
export function casesText(results: readonly CaseResult[], coverage: CaseCoverage): string {
  const failed = results.filter(({ ok }) => !ok);
  const blocks = [results.map(caseLine), ...failed.map(failureLines), coverageLines(coverage), [summary(results.length, failed.length)]];
  return blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

/** The same for programs. */
export function casesJson(results: readonly CaseResult[], coverage: CaseCoverage): string {
  return JSON.stringify({ ok: results.every(({ ok }) => ok), cases: results, coverage }, null, 2);
}

function caseLine({ name, ok }: CaseResult): string {
  return `${mark(ok)} ${name}`;
}

function failureLines({ id, name, differences }: CaseResult): string[] {
  return [styleText('bold', `${name} (cases/${id})`), ...differences.map((difference) => `  ${difference}`)];
}

function coverageLines({ won, matched, untouched }: CaseCoverage): string[] {
  const all = won.length + matched.length + untouched.length;
  if (all === 0) return [];
  return [
    `${won.length} of ${counted(all, 'live rule')} won in a case.`,
    ...named('Only matched, never won:', matched),
    ...named('Not touched by any case:', untouched),
  ];
}

function named(title: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [styleText('yellow', title), ...ids.map((id) => `  ${id}`)];
}

function summary(all: number, failed: number): string {
  if (all === 0) return `${styleText('yellow', '!')} There are no cases. A file under cases/ tells a visitor, a request and the decision expected.`;
  if (failed === 0) return `${mark(true)} ${counted(all, 'case')} passed.`;
  return `${mark(false)} ${failed} of ${counted(all, 'case')} failed.`;
}

function mark(ok: boolean): string {
  return ok ? styleText('green', '✓') : styleText('red', '✗');
}
