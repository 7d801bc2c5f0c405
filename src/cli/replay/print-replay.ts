import { styleText } from 'node:util';
import { counted } from '../../words/counted.js';
import { grouped } from '../progress.js';
import type { Changes, Example, LeftOut, ReplayReport, Shown } from '../../replay/replay-report.js';
import { textTable } from './text-table.js';

/** What a replay came to, for people. */
export function replayText(report: ReplayReport): string {
  const { decisions, against } = report;
  if (decisions === 0) return [nothingText(report), ...leftOutLines(report.leftOut)].join('\n');
  const blocks = [
    [headline(report), ...sameLines(report), ...leftOutLines(report.leftOut)],
    ...(against ? changeBlocks(against, decisions) : []),
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

/** The same for programs. */
export function replayJson(report: ReplayReport): string {
  return JSON.stringify(report, null, 2);
}

/** A share of 0 to 1: `2.5 %`. One that is not 0 never looks like it, nor one that is not 1 like all. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  if (share < 1 && share >= 0.9995) return '> 99.9 %';
  return `${Math.round(share * 1_000) / 10} %`;
}

/** Offers with the rules that brought them: `phone by viewed-a-product`. */
export function offersText(shown: readonly Shown[]): string {
  return shown.length === 0
    ? 'nothing'
    : shown.map(({ offer, rule }) => (rule === undefined ? `${offer} (fallback)` : `${offer} by ${rule}`)).join(', ');
}

/** Why decisions were left out, a sentence for each reason. */
export function leftOutSentences({ releaseGone, releaseUnfit, documentGone }: LeftOut): string[] {
  const of = (count: number, why: string) => (count === 0 ? [] : [`${counted(count, 'decision')} left out: ${why}.`]);
  return [
    ...of(releaseGone, 'the release that made them is not kept'),
    ...of(releaseUnfit, 'this version of Usher finds problems in the release that made them'),
    ...of(documentGone, 'the document of their visitor is no longer kept'),
  ];
}

/** What happens to people, in a sentence. */
export function visitorsText({ visitors: { visitors, changed, loseOnlyOffer, gainFirstOffer } }: Changes): string {
  return (
    `${grouped(changed)} of ${counted(visitors, 'visitor')} see something else. ` +
    `${grouped(loseOnlyOffer)} lose their only offer; ${grouped(gainFirstOffer)} get their first.`
  );
}

function nothingText({ leftOut }: ReplayReport): string {
  const isEmpty = Object.values(leftOut).every((count) => count === 0);
  return isEmpty
    ? 'Nothing is recorded of that time. USHER_RECORD_SHARE says for which share of decisions the service ' +
        'records what they were made from.'
    : 'None of the recorded decisions can be made again.';
}

function headline({ decisions, from = '', to = '', seconds, releases }: ReplayReport): string {
  const rate = seconds > 0 ? `, ${grouped(Math.round(decisions / seconds))} a second` : '';
  return (
    `${counted(decisions, 'recorded decision')} by ${counted(Object.keys(releases).length, 'release')}, ` +
    `${from} to ${to}, made again in ${seconds.toFixed(1)} s${rate}.`
  );
}

function sameLines({ decisions, different, differences }: ReplayReport): string[] {
  if (different === 0)
    return [`${styleText('green', '✓')} With the release that made each, all come out as they did, bit for bit.`];
  const lines = differences.map(
    ({ decisionId, decidedAt, release, now }) =>
      `  decision ${decisionId} of ${decidedAt}, release ${release}: now ${offersText(now)}`,
  );
  return [
    `${styleText('red', '✗')} With the release that made each, ` +
      `${grouped(different)} of ${grouped(decisions)} come out otherwise than they did:`,
    ...lines,
  ];
}

function leftOutLines(leftOut: LeftOut): string[] {
  return leftOutSentences(leftOut).map((sentence) => `${styleText('yellow', '!')} ${sentence}`);
}

function changeBlocks(changes: Changes, decisions: number): string[][] {
  const { placements, offers, examples } = changes;
  const moved = offers.filter(({ gained, lost }) => gained + lost > 0);
  return [
    summaryLines(changes, decisions),
    ...(changes.changed === 0
      ? []
      : [
          textTable([
            PLACEMENT_HEAD,
            ...placements.map((one) => [
              one.placement,
              ...[one.decisions, one.changed, one.otherOffers, one.emptied, one.filled].map(grouped),
            ]),
          ]),
        ]),
    ...(moved.length === 0
      ? []
      : [
          textTable([
            OFFER_HEAD,
            ...moved.map((one) => [one.offer, ...[one.before, one.after, one.gained, one.lost].map(grouped)]),
          ]),
        ]),
    ...examples.map(exampleLines),
  ];
}

const PLACEMENT_HEAD = ['placement', 'decisions', 'changed', 'other offers', 'emptied', 'filled'];
const OFFER_HEAD = ['offer', 'before', 'after', 'gained', 'lost'];

function summaryLines(changes: Changes, decisions: number): string[] {
  const { folder, changed, changedShare, otherOffers, otherReasons } = changes;
  const same =
    otherReasons === 0 ? [] : [`${grouped(otherReasons)} more show the same, by another rule or with another score.`];
  if (changed === 0)
    return [
      `${styleText('green', '✓')} With the rules in ${folder}, ` +
        `none of ${counted(decisions, 'decision')} shows anything else.`,
      ...same,
    ];
  return [
    `With the rules in ${folder}, ` +
      `${styleText('bold', `${grouped(changed)} of ${counted(decisions, 'decision')} (${shareText(changedShare)})`)} ` +
      'show something else:',
    `${grouped(otherOffers)} other offers, ${grouped(changed - otherOffers)} the same offers with other content.`,
    ...same,
    visitorsText(changes),
  ];
}

function exampleLines({
  placement,
  before,
  after,
  alike,
  decisionId,
  visitorId,
  decidedAt,
  release,
  why,
}: Example): string[] {
  return [
    `${styleText('bold', placement)}: ${offersText(before)} → ${offersText(after)}  ` +
      `${styleText('dim', `(${counted(alike, 'decision')} like this)`)}`,
    `  visitor ${visitorId}, ${decidedAt}, decision ${decisionId} by release ${release}`,
    ...why.map(({ withValues }) => `  - ${withValues}`),
  ];
}
