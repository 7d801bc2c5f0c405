import { styleText } from 'node:util';
import type { RuleProblem } from '../../rulebook/read/rule-problem.js';
import type { Seen } from '../../proofs/logic/proof.js';
import { counted } from '../../words/counted.js';
import type { PlacedProof } from './prove-rules.js';

/** So many placements are named in one line. */
const MOST_NAMED = 12;

/** What was proved, for people: a line for each that points at its place, then the notes that many places share. */
export function proofLines(proofs: readonly PlacedProof[]): string[] {
  return proofs.filter((proof) => !isShared(proof)).map(proofLine);
}

/**
 * Notes on visitors who get nothing but the fallback: so it is meant mostly, and one line for each such visitor is
 * enough.
 */
export function sharedNotes(proofs: readonly PlacedProof[]): string[] {
  const shared = Map.groupBy(proofs.filter(isShared), ({ message }) => message);
  return [...shared].map(([message, alike]) => {
    const names = alike.map(({ at }) => at.id);
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    return `${message} in ${names.slice(0, MOST_NAMED).join(', ')}${more}`;
  });
}

/** How much was seen, where it was looked at. */
export function seenNote({ visitors, complete = true, events, traits }: Seen): string {
  const who = visitors === undefined ? '' : ` of ${complete ? '' : 'the first '}${counted(visitors, 'visitor')}`;
  return (
    `held against what was seen${who}: ${counted(Object.keys(events).length, 'event')}, ` +
    `${counted(traits.length, 'trait')}`
  );
}

/** The same for programs. */
export function proofJson({
  kind,
  severity,
  file,
  line,
  column,
  message,
  at,
  others = [],
  places,
  witness,
}: PlacedProof): object {
  return {
    ...{ kind, severity, file, line, column, message, of: { kind: at.kind, id: at.id } },
    others: others.map((other, index) => ({ kind: other.kind, id: other.id, ...places[index] })),
    ...(witness && { witness }),
  };
}

/** The line that people read and editors jump to: `rules/offers/x.json:7:3 warning …`. */
export function warningLine({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column} ${styleText('yellow', 'warning')} ${message}`;
}

function isShared({ kind, severity, witness }: PlacedProof): boolean {
  return kind === 'fallback-only' && severity === 'note' && witness !== undefined;
}

function proofLine(proof: PlacedProof): string {
  const { severity, file, line, column, message } = proof;
  return severity === 'warning' ? warningLine(proof) : styleText('dim', `${file}:${line}:${column} note ${message}`);
}
