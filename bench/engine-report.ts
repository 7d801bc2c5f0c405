import type { ContenderName } from './engine-contenders.ts';
import type { Figures, Row } from './engine-row.ts';
import type { VisitorRow } from './engine-visitors.ts';
import { percent } from './numbers.ts';

/** A contender that is not measured with so many rules. */
export interface LeftOut {
  readonly name: ContenderName;
  readonly rules: number;
  readonly scoped: boolean;
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
  return [
    'Microseconds per call, p50 / p99; after ± how far the medians of three rounds lie apart.',
    '',
    row(cells),
    row(cells.map((_, at) => (at === 1 ? '---' : '---:'))),
  ].join('\n');
}

/** One row of it. */
export function line({ rules, scoped, matching, figures, compileMs, compiledMb }: Row): string {
  const timed = NAMES.map((name) => cell(figures[name]));
  const asked = scoped ? '1 of 50 placements' : 'all';
  return row([
    rules.toLocaleString('en'),
    asked,
    `${(100 * matching).toFixed(1)} %`,
    ...timed,
    `${Math.round(compileMs)} ms`,
    `${compiledMb.toFixed(1)} MB`,
  ]);
}

/** What past behaviour costs. */
export function inWords(visitors: readonly VisitorRow[]): string {
  const [few, many] = visitors;
  if (!few || !many) return '';
  const [a, b] = [few, many].map(
    ({ interactions, p50Us, p99Us }) => `${interactions} interactions ${round(p50Us)} / ${round(p99Us)}`,
  );
  return (
    `decide() from stored bytes, 20 rules, ${100 * few.windowed} % of them with a window of past behaviour: ` +
    `${a}, ${b}; ratio ${round(many.p50Us / few.p50Us)}`
  );
}

/** The line for programs: medians in microseconds, null where a peer was left out. */
export function toJson(rows: readonly Row[], visitors: readonly VisitorRow[]): string {
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
    visitors: visitors.map(({ interactions, windowed, p50Us, p99Us }) => ({
      interactions,
      windowed,
      usherUs: round(p50Us),
      usherP99Us: round(p99Us),
    })),
  });
}

function cell(figures: Figures | undefined): string {
  if (!figures) return '-';
  const { p50Us, p99Us, spread } = figures;
  return `${round(p50Us)} / ${p99Us === null ? '-' : round(p99Us)} ±${percent(spread)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Three digits are as many as mean anything. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
