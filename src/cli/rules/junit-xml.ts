import { join, relative, resolve, sep } from 'node:path';
import type { RuleProblem } from '../../rulebook/read/rule-problem.js';
import { percentText, type ReportedCase, type TestReport } from './test-report.js';

/** What was tested, and how long it took. */
export interface JunitRun {
  readonly dir: string;
  readonly seconds: number;
}

/** The results as JUnit XML, which CI systems read: a test case for each case, and one for the coverage asked for. */
export function junitOfCases(report: TestReport, run: JunitRun): string {
  return document([...report.results.map((result) => caseOf(result, run.dir)), ...coverageCase(report)], run);
}

/** The same where the rule files are broken: a test case for each problem. */
export function junitOfProblems(problems: readonly RuleProblem[], run: JunitRun): string {
  return document(
    problems.map(({ file, line, column, message }) => ({
      ...{ name: `${file}:${line}:${column}`, classname: 'check', file: pathOf(file, run.dir), line },
      failure: { type: 'problem', lines: [message] },
    })),
    run,
  );
}

/** One `<testcase>`. */
interface Testcase {
  readonly name: string;
  readonly classname: string;
  readonly file?: string;
  readonly line?: number;
  /** What is wrong, the most telling line first; undefined when all is well. */
  readonly failure?: { readonly type: string; readonly lines: readonly string[] } | undefined;
}

function caseOf({ id, name, file, ok, differences }: ReportedCase, dir: string): Testcase {
  return {
    name,
    classname: `cases.${id}`,
    file: pathOf(file, dir),
    failure: ok ? undefined : { type: 'difference', lines: differences },
  };
}

function coverageCase({ coverage: { percent }, minCoverage, unexercised }: TestReport): Testcase[] {
  if (minCoverage === undefined) return [];
  const lines = [
    `coverage is ${percentText(percent)}, and ${minCoverage} % are asked for`,
    ...unexercised.map(
      ({ file = '', line = 0, column = 0, condition, never }) =>
        `${file}:${line}:${column} ${condition}: never ${never.join(', never ')}`,
    ),
  ];
  return [
    {
      name: `coverage of at least ${minCoverage} %`,
      classname: 'coverage',
      failure: percent < minCoverage ? { type: 'coverage', lines } : undefined,
    },
  ];
}

function document(cases: readonly Testcase[], { dir, seconds }: JunitRun): string {
  const failures = cases.filter(({ failure }) => failure).length;
  const counts = { tests: cases.length, failures, errors: 0, time: seconds.toFixed(3) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open('testsuites', { name: 'usher test', ...counts }),
    `  ${open('testsuite', { name: pathOf('rules', dir), ...counts, skipped: 0 })}`,
    ...cases.map(testcase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase({ name, classname, file, line, failure }: Testcase): string {
  const start = open('testcase', {
    name,
    classname,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
  });
  if (!failure) return `    ${start.slice(0, -1)}/>`;
  const opened = open('failure', { message: failure.lines[0] ?? '', type: failure.type });
  return `    ${start}\n      ${opened}${escaped(failure.lines.join('\n'))}</failure>\n    </testcase>`;
}

function open(tag: string, attributes: Readonly<Record<string, string | number>>): string {
  const texts = Object.entries(attributes).map(
    ([name, value]) =>
      ` ${name}="${escaped(String(value)).replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`)}"`,
  );
  return `<${tag}${texts.join('')}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/**
 * What XML 1.0 can't hold, not even escaped: most control characters, two code points, and halves of surrogate pairs.
 */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text.replace(IMPOSSIBLE, '\u{fffd}').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** Problems name files from the rules folder's own name on; a CI system looks for them from where it runs. */
function pathOf(file: string, dir: string): string {
  const inside = file.split('/').slice(1);
  return (
    relative(process.cwd(), join(resolve(dir), ...inside))
      .split(sep)
      .join('/') || '.'
  );
}
