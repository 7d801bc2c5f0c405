import { checkGroup, checkKnown } from '../check/check-known.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';
import { checkTimeZone } from '../schedules/check-time-zone.js';
import { checkDuration, CALENDAR_WORDS, WHILE_KEPT } from './check-duration.js';
import { checkHold } from './check-offer-limits.js';

/** The contact policy must speak of offers, groups and channels that exist, and of times that do. */
export function checkContactPolicy(file: RuleFile, index: RuleIndex, findings: Findings): void {
  const check = new ContactPolicyCheck(file, index, findings);
  if (!file.root) return;
  check.exception(file.root);
  for (const limit of file.root.get('limits')?.items ?? []) check.limit(limit);
  check.named(file.root.get('groups'), 'group');
  check.named(file.root.get('offers'), 'offer');
}

class ContactPolicyCheck {
  constructor(
    private readonly file: RuleFile,
    private readonly index: RuleIndex,
    private readonly findings: Findings,
  ) {}

  /** What stands for all, or for a group or an offer in place of it. */
  exception(node: SourceNode): void {
    for (const one of node.get('suppression')?.items ?? []) this.suppression(one);
    for (const one of node.get('quietHours')?.items ?? []) this.quietHours(one);
  }

  limit(limit: SourceNode): void {
    const { file, index, findings } = this;
    checkDuration(file, limit.get('within'), findings, { orWords: CALENDAR_WORDS, most: WHILE_KEPT });
    checkTimeZone(file, limit.get('timeZone'), findings);
    checkHold(file, limit, findings);
    this.channels(limit);
    for (const group of limit.get('groups')?.items ?? [])
      checkGroup({ file, index, name: group.text, offset: group.offset }, findings);
    for (const node of limit.get('offers')?.items ?? []) checkKnown({ file, node, kind: 'offers', index }, findings);
  }

  /** What stands by the names of groups, or of offers. */
  named(node: SourceNode | undefined, of: 'group' | 'offer'): void {
    const { file, index, findings } = this;
    for (const [id, { keyOffset: offset, node: inner }] of node?.members ?? []) {
      if (of === 'group') checkGroup({ file, index, name: id, offset }, findings);
      else checkKnown({ file, node: inner, kind: 'offers', index, offset, id }, findings);
      this.exception(inner);
    }
  }

  private suppression(node: SourceNode): void {
    for (const name of ['within', 'for', 'group'])
      checkDuration(this.file, node.get(name), this.findings, { most: WHILE_KEPT, example: '14d' });
  }

  private quietHours(node: SourceNode): void {
    const { file, findings } = this;
    this.channels(node);
    checkTimeZone(file, node.get('timeZone'), findings);
    const [from, until] = [node.get('from'), node.get('until')];
    for (const time of [from, until])
      if (time?.text !== undefined && !TIME_OF_DAY.test(time.text))
        findings.add(file, time.offset, `"${time.text}" is no time of day; write one such as "21:00", up to "24:00"`);
    if (from?.text !== undefined && from.text === until?.text)
      findings.add(
        file,
        until.offset,
        `quiet hours from ${from.text} until ${from.text} are none; for the whole day write "00:00" until "24:00"`,
      );
  }

  private channels(node: SourceNode): void {
    const { file, index, findings } = this;
    // A file that could not be parsed may be the one that speaks of the channel: one broken file is one problem.
    if (!index.isComplete) return;
    for (const { text, offset } of node.get('channels')?.items ?? [])
      if (text !== undefined && !index.channels.has(text))
        findings.add(
          file,
          offset,
          `"${text}" is no channel that a placement or a rule uses${didYouMean(text, [...index.channels])}`,
        );
  }
}

const TIME_OF_DAY = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
