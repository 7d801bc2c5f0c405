import { styleText } from 'node:util';
import type { Definitions } from '../../engine/language/definitions.js';
import type { LoadedRulebook } from '../../rulebook/build/load-rulebook.js';
import type { Seen } from '../../proofs/logic/proof.js';
import { kinds } from '../../rulebook/kinds/kinds.js';
import { problemText } from '../../rulebook/read/rule-problem.js';
import { counted } from '../../words/counted.js';
import { proofJson, proofLines, seenNote, sharedNotes, warningLine } from './print-proofs.js';
import type { PlacedProof } from './prove-rules.js';

/** What there are many of, with what one of them is called. */
const KINDS: ReadonlyMap<keyof Definitions, string> = new Map(
  kinds.filter(({ file }) => file === undefined).map(({ into, one }) => [into, one]),
);

/** What was found in the rule files, for people: problems, what was proved, then notes, then how much was read. */
export function checkText(loaded: LoadedRulebook, proofs: readonly PlacedProof[] = [], seen?: Seen): string {
  const { problems, warnings } = loaded;
  const notes = [...loaded.notes, ...sharedNotes(proofs), ...(seen ? [seenNote(seen)] : [])];
  const blocks = [
    problems.map(problemText),
    warnings.map((warning) => warningLine(warning)),
    proofLines(proofs),
    notes.map((note) => styleText('dim', `note: ${note}`)),
    [summary(loaded, warningsIn(loaded, proofs))],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The same for programs. */
export function checkJson(loaded: LoadedRulebook, proofs: readonly PlacedProof[] = [], seen?: Seen): string {
  const { problems, warnings, notes, definitions } = loaded;
  const counts = Object.fromEntries([...KINDS.keys()].map((kind) => [kind, sizeOf(definitions, kind)]));
  const report = {
    ok: problems.length === 0,
    problems,
    warnings: warningsIn(loaded, proofs),
    warned: warnings,
    proofs: proofs.map(proofJson),
    notes: [...notes, ...(seen ? [seenNote(seen)] : [])],
  };
  return JSON.stringify({ ...report, files: filesOf(loaded), ...counts }, null, 2);
}

/** How many places are warned of: by the files themselves, and by what can be proved. */
export function warningsIn({ warnings }: Pick<LoadedRulebook, 'warnings'>, proofs: readonly PlacedProof[]): number {
  return warnings.length + proofs.filter(({ severity }) => severity === 'warning').length;
}

function summary(loaded: LoadedRulebook, warnings: number): string {
  const { problems, definitions } = loaded;
  const kinds = [
    ...[...KINDS].map(([kind, one]) => counted(sizeOf(definitions, kind), one)),
    ...purposesOf(definitions),
  ].join(', ');
  const found = warnings === 0 ? 'No problems.' : `No problems, ${styleText('yellow', counted(warnings, 'warning'))}.`;
  if (problems.length === 0)
    return `${styleText('green', '✓')} ${counted(filesOf(loaded), 'file')}: ${kinds}. ${found}`;
  return (
    `${styleText('red', '✗')} ${counted(problems.length, 'problem')} in ${filesWithProblems(loaded)} of ` +
    `${counted(filesOf(loaded), 'file')}.`
  );
}

function purposesOf({ consent }: Definitions): string[] {
  return consent ? [`${counted(Object.keys(consent.purposes).length, 'purpose')} of consent`] : [];
}

/** A file with a problem defines nothing. */
function filesOf(loaded: LoadedRulebook): number {
  const { definitions } = loaded;
  const defining = [...new Set(kinds.map(({ into }) => into))].map((into) => sizeOf(definitions, into));
  return defining.reduce((sum, size) => sum + size, filesWithProblems(loaded));
}

/** How many of a kind are defined; one where the kind is a single file that is there. */
function sizeOf(definitions: Definitions, into: keyof Definitions): number {
  const found: unknown = definitions[into];
  return found instanceof Map ? found.size : Number(found !== undefined);
}

function filesWithProblems({ problems }: LoadedRulebook): number {
  return new Set(problems.map(({ file }) => file)).size;
}
