import type { Difference, Example, ReplayReport, Why } from '../../replay/replay-report.js';

/** An example of whom nobody is told who it was. */
export interface NobodysExample extends Omit<Example, 'decisionId' | 'visitorId' | 'decidedAt' | 'why'> {
  readonly why: readonly Pick<Why, 'text'>[];
}

/** A report that tells of nobody: counts, offers, rules, and reasons without what the rules were told. */
export interface NobodysReport extends Omit<ReplayReport, 'differences' | 'against'> {
  readonly differences: readonly Omit<Difference, 'decisionId' | 'decidedAt'>[];
  readonly against?: Omit<NonNullable<ReplayReport['against']>, 'examples'> & {
    readonly examples: readonly NobodysExample[];
  };
}

/**
 * The report for those who may not read people. What is told is listed, and what is not listed is not told; a decision
 * at its time would lead to whoever asked then.
 */
export function withoutPeople({ differences, against, ...counts }: ReplayReport): NobodysReport {
  const report = { ...counts, differences: differences.map(({ release, now }) => ({ release, now })) };
  if (!against) return report;
  return { ...report, against: { ...against, examples: against.examples.map(nobodys) } };
}

function nobodys({ release, placement, change, before, after, alike, why }: Example): NobodysExample {
  return { release, placement, change, before, after, alike, why: why.map(({ text }) => ({ text })) };
}
