import type { ContenderName } from './engine-contenders.ts';
import type { Figures, Row } from './engine-row.ts';

/** A contender that is not measured with so many rules. */
export interface LeftOut {
  readonly name: ContenderName;
  readonly rules: number;
  readonly why: string;
}

const CONTENDERS: Readonly<Record<ContenderName, string>> = {
  usher: 'Usher',
  filter: 'filter by hand',
  jsonLogicEngine: 'json-logic-engine',
  zen: 'zen-engine',
  jsonRulesEngine: 'json-rules-engine',
};
const NAMES = Object.keys(CONTENDERS) as ContenderName[];

/** The head of the table, in Markdown. */
export function head(): string {
  const cells = ['rules', 'asked', 'hold', ...Object.values(CONTENDERS), 'compile', 'compiled'];
  return ['Microseconds per call, p50 / p99; after ± how far the medians of three rounds lie apart.', '', row(cells), row(cells.map((_, at) => (at === 1 ? '---' : '---:')))].join('\n');
}

/** One row of it. */
export function line({ rules, scoped, matching, figures, compileMs, compiledMb }: Row): string {
  const timed = NAMES.map((name) => cell(figures[name]));
  const asked = scoped ? '1 of 50 placements' : 'all';
  return row([rules.toLocaleString('en'), asked, `${(100 * matching).toFixed(1)} %`, ...timed, `${Math.round(compileMs)} ms`, `${compiledMb.toFixed(1)} MB`]);
}

/** The line for programs: medians in microseconds, null where a peer was left out. */
export function toJson(rows: readonly Row[]): string {
  return JSON.stringify({
    bench: 'engine',
    rows: rows.map(({ rules, scoped, figures, compileMs, compiledMb, matching }) => ({
      rules,
      scoped,
      ...Object.fromEntries(NAMES.map((name) => [`${name}Us`, figures[name] ? round(figures[name].p50Us) : null])),
      usherP99Us: figures.usher?.p99Us ? round(figures.usher.p99Us) : null,
      compileMs: Math.round(compileMs),
      compiledMb: round(compiledMb),
      matching: round(matching),
    })),
  });
}

function cell(figures: Figures | undefined): string {
  if (!figures) return '-';
  const { p50Us, p99Us, spread } = figures;
  return `${round(p50Us)} / ${p99Us === null ? '-' : round(p99Us)} ±${Math.round(100 * spread)} %`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Three digits are as many as mean anything. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
