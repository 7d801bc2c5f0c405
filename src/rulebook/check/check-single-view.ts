import { answerWord, namesOf } from '../../engine/visitor/single-view-policy.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { shown } from './shape-message.js';

/** A name and an answer must mean one thing, and a scale must lead from one number to another. */
export function checkSingleView(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  const { root } = file;
  checkNames(file, root?.get('support'), findings);
  for (const scale of root?.get('satisfaction', 'scales')?.items ?? []) checkScale(file, scale, findings);
  checkWider(file, root?.get('satisfaction', 'wider')?.items ?? [], findings);
  checkAnswers(file, root?.get('satisfaction'), findings);
}

function checkNames(file: RuleFile, support: SourceNode | undefined, findings: Findings): void {
  const taken = new Map<string, string>();
  for (const what of ['contacted', 'opened', 'closed']) {
    for (const words of support?.get(what)?.items ?? []) {
      const before = wordsIn(words).find((name) => (taken.get(name) ?? what) !== what);
      if (before !== undefined)
        findings.add(
          file,
          words.offset,
          `"${before}" stands under "${taken.get(before)}" already; an event is one of the two, so take it out of one`,
        );
      for (const name of wordsIn(words)) taken.set(name, taken.get(name) ?? what);
    }
  }
}

function wordsIn(words: SourceNode): string[] {
  const followedBy = words.get('followedBy');
  return namesOf({ names: textsOf(words.get('names')), ...(followedBy && { followedBy: textsOf(followedBy) }) });
}

function checkScale(file: RuleFile, scale: SourceNode, findings: Findings): void {
  const [worst, best] = [scale.get('worst'), scale.get('best')];
  if (!worst || !best || worst.value !== best.value) return;
  findings.add(file, best.offset, `"best" must be another number than "worst"; both are ${shown(best.value)}`);
}

function checkWider(file: RuleFile, wider: readonly SourceNode[], findings: Findings): void {
  const wrong = wider.find(({ value }, at) => Number(value) <= Number(wider[at - 1]?.value ?? 0));
  if (wrong)
    findings.add(
      file,
      wrong.offset,
      `wider scales must ascend from above 0; put ${shown(wrong.value)} where it belongs`,
    );
}

function checkAnswers(file: RuleFile, satisfaction: SourceNode | undefined, findings: Findings): void {
  const yes = (satisfaction?.get('yes')?.items ?? []).map(({ value }) => answerWord(value));
  for (const { value, offset } of satisfaction?.get('no')?.items ?? []) {
    if (yes.includes(answerWord(value)))
      findings.add(file, offset, `${shown(value)} means yes already; take it out of "yes" or out of "no"`);
  }
}
