import { durationRemedy, parseDuration, type Millis } from '../../engine/language/millis.js';
import { CONTACTS_KEPT_DAYS } from '../../engine/visitor/contacts.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';

/** The longest that a duration may be. */
export interface Longest {
  readonly ms: Millis;
  /** As it is written. */
  readonly text: string;
  readonly because: string;
}

/** What is asked of a duration besides that it is one. */
export interface DurationRules {
  /** What may stand in its place. */
  readonly orWords?: readonly string[];
  readonly most?: Longest;
  /** What a message shows as one; `7d` when absent. */
  readonly example?: string;
}

/** The words for windows of the calendar. */
export const CALENDAR_WORDS: readonly string[] = ['day', 'week', 'month'];

const DAY_MS = 86_400_000;

/** Nothing that goes by the contacts of a person can look back further. */
export const WHILE_KEPT: Longest = {
  ms: CONTACTS_KEPT_DAYS * DAY_MS,
  text: `${CONTACTS_KEPT_DAYS}d`,
  because: `contacts are remembered for ${CONTACTS_KEPT_DAYS} days`,
};

/** No place is held longer. */
export const LONGEST_HOLD: Longest = {
  ms: 60 * DAY_MS,
  text: '60d',
  because: 'what is held for nobody is kept from everybody',
};

/** A text must be a duration, or one of the words, and not longer than it may be. */
export function checkDuration(
  file: RuleFile,
  node: SourceNode | undefined,
  findings: Findings,
  { orWords = [], most, example = '7d' }: DurationRules = {},
): void {
  if (node?.text === undefined || orWords.includes(node.text)) return;
  const length = parseDuration(node.text);
  const also = orWords.length > 0 ? `, or ${orWords.join(', ')}` : '';
  if (length === undefined)
    findings.add(file, node.offset, `"${node.text}" is not a duration; ${durationRemedy(node.text, example)}${also}`);
  else if (most && length > most.ms)
    findings.add(file, node.offset, `"${node.text}" is too long: ${most.because}; write "${most.text}" or less`);
}
