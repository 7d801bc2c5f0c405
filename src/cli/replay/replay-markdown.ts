import { counted } from '../../words/counted.js';
import { grouped } from '../progress.js';
import { leftOutSentences, offersText, shareText, visitorsText } from './print-replay.js';
import type { Changes, Example, ReplayReport } from '../../replay/replay-report.js';

/** Rows of a table; a rule set may have thousands of offers, and a comment has an end. */
const MAX_ROWS = 50;

/**
 * What a replay came to, as Markdown for a pull request: without ids of visitors, and without what is known of them.
 */
export function replayMarkdown(report: ReplayReport): string {
  const { decisions, from = '', to = '', against } = report;
  const period =
    decisions === 0
      ? 'No recorded decision could be made again.'
      : `${counted(decisions, 'recorded decision')}, ${from.slice(0, 16)} to ${to.slice(0, 16)} UTC.`;
  const blocks = [
    '## What would change',
    `${period} ${sameText(report)}`.trim(),
    leftOutSentences(report.leftOut).join(' '),
    ...(against && decisions > 0 ? changeBlocks(against, decisions) : []),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function sameText({ decisions, different }: ReplayReport): string {
  if (decisions === 0) return '';
  return different === 0
    ? 'With the release that made each, all come out as they did.'
    : `**${grouped(different)} come out otherwise than they did even with the release that made them.**`;
}

function changeBlocks(changes: Changes, decisions: number): string[] {
  const { changed, changedShare, otherOffers, otherReasons, placements, offers, examples } = changes;
  const reasons =
    otherReasons === 0 ? '' : ` ${grouped(otherReasons)} more show the same, by another rule or with another score.`;
  if (changed === 0) return [`**No decision shows anything else.**${reasons}`];
  const moved = offers.filter(({ gained, lost }) => gained + lost > 0);
  return [
    `**${grouped(changed)} of ${grouped(decisions)} decisions (${shareText(changedShare)}) show something else**: ` +
      `${grouped(otherOffers)} other offers, ${grouped(changed - otherOffers)} the same offers ` +
      `with other content.${reasons}`,
    visitorsText(changes),
    table(
      ['placement', 'decisions', 'changed', 'other offers', 'emptied', 'filled'],
      placements
        .filter((one) => one.changed > 0)
        .map((one) => [
          code(one.placement),
          ...[one.decisions, one.changed, one.otherOffers, one.emptied, one.filled].map(grouped),
        ]),
    ),
    ...(moved.length === 0
      ? []
      : [
          table(
            ['offer', 'before', 'after', 'gained', 'lost'],
            moved.map((one) => [code(one.offer), ...[one.before, one.after, one.gained, one.lost].map(grouped)]),
          ),
        ]),
    `<details><summary>${counted(examples.length, 'example')}</summary>\n\n${exampleTable(examples)}\n\n</details>`,
  ];
}

function exampleTable(examples: readonly Example[]): string {
  const rows = examples.map(({ placement, before, after, alike, why }) => [
    code(placement),
    escaped(offersText(before)),
    escaped(offersText(after)),
    grouped(alike),
    why.map(({ text }) => escaped(text)).join('<br>'),
  ]);
  return table(['placement', 'before', 'after', 'alike', 'why'], rows, [3]);
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = head.map((_, column) => column).slice(1),
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, MAX_ROWS).map(line);
  const rest =
    rows.length > MAX_ROWS
      ? [line([`and ${grouped(rows.length - MAX_ROWS)} more`, ...head.slice(1).map(() => '')])]
      : [];
  return [
    line(head),
    line(head.map((_, column) => (numbers.includes(column) ? '---:' : '---'))),
    ...shown,
    ...rest,
  ].join('\n');
}

/** Ids are letters, digits and a few signs; those of what is no longer there may be anything. */
function code(id: string): string {
  return `\`${id.replace(/[`|\n]/g, ' ')}\``;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replaceAll('\n', ' ');
}
