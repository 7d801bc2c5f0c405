import { styleText } from 'node:util';
import type { Definitions } from '../../engine/language/definitions.js';
import type { LoadedRulebook } from '../../rulebook/build/load-rulebook.js';
import type { Seen } from '../../proofs/logic/proof.js';
import { problemText } from '../../rulebook/read/rule-problem.js';
import { counted } from '../../words/counted.js';
import { proofJson, proofLines, seenNote, sharedNotes } from './print-proofs.js';
import type { PlacedProof } from './prove-rules.js';

const KINDS: readonly (readonly [kind: Exclude<keyof Definitions, 'consent'>, one: string])[] = [
  ['placements', 'placement'],
  ['offers', 'offer'],
  ['segments', 'segment'],
  ['rules', 'rule'],
  ['cases', 'case'],
];

/** What was found in the rule files, for people: problems, what was proved, then notes, then how much was read. */
export function checkText(loaded: LoadedRulebook, proofs: readonly PlacedProof[] = [], seen?: Seen): string {
  const { problems } = loaded;
  const notes = [...loaded.notes, ...sharedNotes(proofs), ...(seen ? [seenNote(seen)] : [])];
  const blocks = [
    problems.map(problemText),
    proofLines(proofs),
    notes.map((note) => styleText('dim', `note: ${note}`)),
    [summary(loaded, warningsIn(proofs))],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The same for programs. */
export function checkJson(loaded: LoadedRulebook, proofs: readonly PlacedProof[] = [], seen?: Seen): string {
  const { problems, notes, definitions } = loaded;
  const counts = Object.fromEntries(KINDS.map(([kind]) => [kind, definitions[kind].size]));
  const told = {
    ok: problems.length === 0,
    problems,
    warnings: warningsIn(proofs),
    proofs: proofs.map(proofJson),
    notes: [...notes, ...(seen ? [seenNote(seen)] : [])],
  };
  return JSON.stringify({ ...told, files: filesOf(loaded), ...counts }, null, 2);
}

function warningsIn(proofs: readonly PlacedProof[]): number {
  return proofs.filter(({ severity }) => severity === 'warning').length;
}

function summary(loaded: LoadedRulebook, warnings: number): string {
  const { problems, definitions } = loaded;
  const kinds = [...KINDS.map(([kind, one]) => counted(definitions[kind].size, one)), ...purposesOf(definitions)].join(
    ', ',
  );
  const found = warnings === 0 ? 'No problems.' : `No problems, ${styleText('yellow', counted(warnings, 'warning'))}.`;
  if (problems.length === 0)
    return `${styleText('green', '✓')} ${counted(filesOf(loaded), 'file')}: ${kinds}. ${found}`;
  return `${styleText('red', '✗')} ${counted(problems.length, 'problem')} in ${filesWithProblems(loaded)} of ${counted(filesOf(loaded), 'file')}.`;
}

function purposesOf({ consent }: Definitions): string[] {
  return consent ? [`${counted(Object.keys(consent.purposes).length, 'purpose')} of consent`] : [];
}

/** A file with a problem defines nothing. */
function filesOf(loaded: LoadedRulebook): number {
  const { definitions } = loaded;
  return KINDS.reduce(
    (sum, [kind]) => sum + definitions[kind].size,
    filesWithProblems(loaded) + (definitions.consent ? 1 : 0),
  );
}

function filesWithProblems({ problems }: LoadedRulebook): number {
  return new Set(problems.map(({ file }) => file)).size;
}
