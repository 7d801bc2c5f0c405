import { styleText } from 'node:util';
import type { Definitions } from '../engine/definitions.js';
import type { LoadedRulebook } from '../rulebook/load-rulebook.js';
import { problemText } from '../rulebook/rule-problem.js';
import { counted } from './counted.js';

const KINDS: readonly (readonly [kind: Exclude<keyof Definitions, 'consent'>, one: string])[] = [
  ['placements', 'placement'],
  ['offers', 'offer'],
  ['segments', 'segment'],
  ['rules', 'rule'],
  ['cases', 'case'],
];

/** What was found in the rule files, for people: problems, then notes, then how much was read. */
export function checkText(loaded: LoadedRulebook): string {
  const { problems, notes } = loaded;
  const blocks = [problems.map(problemText), notes.map((note) => styleText('dim', `note: ${note}`)), [summary(loaded)]];
  return blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

/** The same for programs. */
export function checkJson(loaded: LoadedRulebook): string {
  const { problems, notes, definitions } = loaded;
  const counts = Object.fromEntries(KINDS.map(([kind]) => [kind, definitions[kind].size]));
  return JSON.stringify({ ok: problems.length === 0, problems, notes, files: filesOf(loaded), ...counts }, null, 2);
}

function summary(loaded: LoadedRulebook): string {
  const { problems, definitions } = loaded;
  const kinds = [...KINDS.map(([kind, one]) => counted(definitions[kind].size, one)), ...purposesOf(definitions)].join(', ');
  if (problems.length === 0) return `${styleText('green', '✓')} ${counted(filesOf(loaded), 'file')}: ${kinds}. No problems.`;
  return `${styleText('red', '✗')} ${counted(problems.length, 'problem')} in ${filesWithProblems(loaded)} of ${counted(filesOf(loaded), 'file')}.`;
}

function purposesOf({ consent }: Definitions): string[] {
  return consent ? [`${counted(Object.keys(consent.purposes).length, 'purpose')} of consent`] : [];
}

/** A file with a problem defines nothing. */
function filesOf(loaded: LoadedRulebook): number {
  const { definitions } = loaded;
  return KINDS.reduce((sum, [kind]) => sum + definitions[kind].size, filesWithProblems(loaded) + (definitions.consent ? 1 : 0));
}

function filesWithProblems({ problems }: LoadedRulebook): number {
  return new Set(problems.map(({ file }) => file)).size;
}
