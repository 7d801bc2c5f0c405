import { styleText } from 'node:util';
import { outcomesSeen } from '../../rulebook/cases/case-coverage.js';
import { counted } from '../../words/counted.js';
import { isPassed, percentText, type ReportedCase, type TestReport, type Unexercised } from './test-report.js';

/** How the cases came out, for people: every case, then the failures with what differs, then what they cover. */
export function casesText(report: TestReport): string {
  const { results } = report;
  const failed = results.filter(({ ok }) => !ok);
  const blocks = [
    results.map(caseLine),
    ...failed.map(failureLines),
    coverageLines(report),
    summary(report, failed.length),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The same for programs. */
export function casesJson(report: TestReport): string {
  const { results, coverage, unexercised, at, minCoverage } = report;
  const { won, matched, untouched, percent, conditions } = coverage;
  const rules = { won, matched, untouched };
  const shownCoverage = {
    ...rules,
    percent,
    ...(minCoverage !== undefined && { minCoverage }),
    conditions: conditions.length,
    outcomesSeen: outcomesSeen(conditions),
    unexercised,
  };
  return JSON.stringify(
    { ok: isPassed(report), ...(at !== undefined && { at }), cases: results, coverage: shownCoverage },
    null,
    2,
  );
}

function caseLine({ name, ok }: ReportedCase): string {
  return `${mark(ok)} ${name}`;
}

function failureLines({ id, name, differences }: ReportedCase): string[] {
  return [styleText('bold', `${name} (cases/${id})`), ...differences.map((difference) => `  ${difference}`)];
}

/** At another time than their own, cases say nothing of what they cover. */
function coverageLines({ coverage, unexercised, at, minCoverage }: TestReport): string[] {
  const { won, matched, untouched, conditions, percent } = coverage;
  const rules = won.length + matched.length + untouched.length;
  if (rules === 0 || (at !== undefined && minCoverage === undefined)) return [];
  return [
    `Coverage ${percentText(percent)}: ${won.length} of ${counted(rules, 'live rule')} won in a case; ` +
      `${outcomesSeen(conditions)} of the ${2 * conditions.length} outcomes of ` +
      `${counted(conditions.length, 'condition')} were seen.`,
    ...named('Only matched, never won:', matched),
    ...named('Not touched by any case:', untouched),
    ...named('No case shows:', unexercised.map(unexercisedLine)),
  ];
}

function unexercisedLine({ file, line, column, condition, never }: Unexercised): string {
  const place = file === undefined ? '' : `${file}:${line}:${column} `;
  return `${place}${condition}: ${never.length === 2 ? 'not looked at' : `never ${String(never[0])}`}`;
}

/** Programs get the whole list with `--json`. */
const MOST_LINES = 40;

function named(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more =
    lines.length > MOST_LINES
      ? [`  and ${counted(lines.length - MOST_LINES, 'more', 'more')}; all of them with --json`]
      : [];
  return [styleText('yellow', title), ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`), ...more];
}

function summary({ results, at, coverage, minCoverage }: TestReport, failed: number): string[] {
  const when = at === undefined ? '' : ` as if it were ${at}`;
  const tooLittle = minCoverage !== undefined && coverage.percent < minCoverage;
  const missed = tooLittle
    ? [`${mark(false)} Coverage is ${percentText(coverage.percent)}, and --min-coverage asks for ${minCoverage} %.`]
    : [];
  if (results.length === 0)
    return [
      `${styleText('yellow', '!')} There are no cases. A file under cases/ tells a visitor, ` +
        'a request and the decision expected.',
      ...missed,
    ];
  if (failed > 0) return [...missed, `${mark(false)} ${failed} of ${counted(results.length, 'case')} failed${when}.`];
  return [`${mark(true)} ${counted(results.length, 'case')} passed${when}.`, ...missed];
}

function mark(ok: boolean): string {
  return ok ? styleText('green', '✓') : styleText('red', '✗');
}
