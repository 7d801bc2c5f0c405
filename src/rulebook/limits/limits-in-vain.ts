import { parseDuration } from '../../engine/language/millis.js';
import { Findings } from '../read/findings.js';
import { CONTACT_POLICY, RULE_KINDS, type RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import type { RuleProblem } from '../read/rule-problem.js';
import type { SourceNode } from '../read/source-node.js';
import { alwaysQuiet } from './always-quiet.js';

/**
 * Limits that change no decision, or every one: a cap that another always comes before, a cap in a placement where
 * nothing makes the offer, and hours that are always quiet.
 */
export function limitsInVain(files: readonly RuleFile[], index: RuleIndex): RuleProblem[] {
  if (!index.isComplete) return [];
  const warnings = new Findings();
  const placementsOf = placementsByOffer(index);
  for (const file of files) {
    if (file.kind === 'offers') lookAtCaps(file, placementsOf.get(file.id) ?? new Set(), warnings);
    if (file.kind === CONTACT_POLICY) alwaysQuiet(file, warnings);
  }
  return warnings.sorted();
}

/** Where rules put each offer forward, or it is the fallback. */
function placementsByOffer(index: RuleIndex): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (offer: string | undefined, placements: readonly string[]) => {
    if (offer === undefined) return;
    const known = found.get(offer) ?? new Set<string>();
    for (const one of placements) known.add(one);
    found.set(offer, known);
  };
  for (const { root } of index.files(...RULE_KINDS))
    add(root?.get('event', 'params', 'offer')?.text, [...textsOf(root?.get('placements'))]);
  for (const { id, root } of index.files('placements')) add(root?.get('fallback')?.text, [id]);
  return found;
}

function lookAtCaps(file: RuleFile, placements: ReadonlySet<string>, warnings: Findings): void {
  const caps = file.root?.get('caps')?.items ?? [];
  for (const [at, cap] of caps.entries()) {
    const where = cap.get('placement')?.text;
    if (where !== undefined && !placements.has(where))
      warnings.add(
        file,
        cap.keyOffset('placement'),
        `this cap counts nothing: no rule puts the offer forward in "${where}", and it is no fallback there; ` +
          'take the cap away, or name another placement',
      );
    const before = caps.findIndex((other, place) => place !== at && comesBefore(other, cap, place < at));
    if (before >= 0)
      warnings.add(
        file,
        cap.offset,
        `this cap can never be reached: cap ${before + 1} of the offer, with a limit of ` +
          `${numberAt(caps[before])}, is reached before it; take one of the two away`,
      );
  }
}

function numberAt(cap: SourceNode | undefined): number {
  return Number(cap?.get('limit')?.value);
}

/** Whether one cap is always reached before another, or with it: of two that are alike the first is. */
function comesBefore(other: SourceNode, cap: SourceNode, isFirst: boolean): boolean {
  const [limit, most] = [other.get('limit')?.value, cap.get('limit')?.value];
  if (typeof limit !== 'number' || typeof most !== 'number') return false;
  const isSame = (name: string) => other.get(name)?.text === cap.get(name)?.text;
  const isTotal = (node: SourceNode) => node.get('per')?.text === 'total';
  const covers = other.get('placement') === undefined || isSame('placement');
  if (!isSame('event') || isTotal(other) !== isTotal(cap) || !covers || !isAsLong(other, cap)) return false;
  const isAlike = limit === most && isAsLong(cap, other) && isSame('placement');
  return limit < most || (limit === most && (isFirst || !isAlike));
}

/** Whether all that one cap counts at a moment the other counts then, too. */
function isAsLong(other: SourceNode, cap: SourceNode): boolean {
  const [longer, shorter] = [other.get('within')?.text, cap.get('within')?.text];
  if (longer === undefined) return true;
  if (longer === shorter) return other.get('timeZone')?.text === cap.get('timeZone')?.text;
  const [more, less] = [parseDuration(longer), shorter === undefined ? undefined : parseDuration(shorter)];
  return more !== undefined && less !== undefined && more >= less;
}
