import { styleText } from 'node:util';
import type { RowKind } from '../../doors/mapping/mapping.js';
import type { UnreadNumber } from '../../doors/mapping/unread-numbers.js';
import { grouped } from '../progress.js';
import type { ReasonGroup } from './reason-groups.js';
import type { Tally } from './tally.js';

const SHOWN_REASONS = 20;

/** What became of a file's rows, for people. */
export function summaryText(kind: RowKind, tally: Tally, seconds: number): string {
  const guarded: [number, string] = [tally.guarded, `${GUARDED[kind]}${linesOf(tally)}`];
  const known: [number, string][] = kind === 'events' ? [[tally.duplicates, 'already known']] : [];
  const ofThem: [number, string][] = [
    [tally.notRetained, 'of them counted only, as they are older than what is retained'],
    [tally.clamped, 'said a time to come, and stand at that of their receipt'],
    ...(kind === 'events' ? [guarded] : []),
  ];
  const leftOut: [number, string] = [tally.leftOut, 'cells or parts left out; the rest of their rows was taken'];
  const counts: [number, string][] = [
    [tally.rows, `rows read in ${seconds.toFixed(1)} s (${grouped(rate(tally, seconds))} rows/s)`],
    [tally.accepted, 'accepted'],
    ...ofThem.filter(isAny),
    ...known,
    [tally.refused, 'refused'],
    ...(kind === 'visitors' ? [guarded] : []).filter(isAny),
    [tally.visitors, 'visitors'],
    ...[leftOut].filter(isAny),
  ];
  const width = Math.max(...counts.map(([count]) => grouped(count).length));
  const lines = counts.map(([count, what]) => `${grouped(count).padStart(width)} ${what}`);
  const why = [...reasonLines('Refused', tally.reasons()), ...reasonLines('Left out', tally.leftOutReasons())];
  return [...lines, ...why, ...unreadLines(tally.unreadNumbers())].join('\n');
}

const GUARDED: Readonly<Record<RowKind, string>> = {
  events: 'stand without an id that clients send by mistake, such as "undefined"',
  visitors: 'have an id that clients send by mistake, such as "undefined": refused, or of a message and passed over',
};

function linesOf({ guarded, guardedLines }: Tally): string {
  return ` (line ${guardedLines.map(grouped).join(', ')}${guarded > guardedLines.length ? ', …' : ''})`;
}

function isAny([count]: readonly [number, string]): boolean {
  return count > 0;
}

/** The same for programs. */
export function summaryJson(tally: Tally, seconds: number): string {
  const { rows, accepted, notRetained, clamped, guarded, guardedLines, duplicates, refused, visitors, leftOut } = tally;
  const timing = { seconds: Number(seconds.toFixed(3)), rowsPerSecond: rate(tally, seconds) };
  return JSON.stringify(
    {
      ...{ rows, accepted, notRetained, clamped, guarded, guardedLines },
      ...{ duplicates, refused, visitors, leftOut, ...timing },
      ...{ reasons: tally.reasons(), leftOutReasons: tally.leftOutReasons(), unreadNumbers: tally.unreadNumbers() },
    },
    null,
    2,
  );
}

function rate(tally: Tally, seconds: number): number {
  return Math.round(tally.rows / Math.max(seconds, 0.001));
}

function reasonLines(title: string, groups: readonly ReasonGroup[]): string[] {
  if (groups.length === 0) return [];
  const more =
    groups.length > SHOWN_REASONS ? [`  and ${groups.length - SHOWN_REASONS} more reasons; --json has them all`] : [];
  return ['', styleText('yellow', `${title}:`), ...groups.slice(0, SHOWN_REASONS).map(reasonLine), ...more];
}

function unreadLines(numbers: readonly UnreadNumber[]): string[] {
  if (numbers.length === 0) return [];
  const more =
    numbers.length > SHOWN_REASONS ? [`  and ${numbers.length - SHOWN_REASONS} more; --json has them all`] : [];
  const lines = numbers
    .slice(0, SHOWN_REASONS)
    .map(
      ({ path, count, line, example }) =>
        `  ${grouped(count)}  ${path}, such as ${JSON.stringify(example)} (line ${grouped(line)})`,
    );
  return ['', styleText('yellow', UNREAD), ...lines, ...more];
}

const UNREAD =
  'Numbers in another writing were taken as texts, which sums and comparisons of size pass over; ' +
  'a mapping reads them with "type": "number" and "decimal":';

function reasonLine({ reason, count, lines, example }: ReasonGroup): string {
  const such = example === undefined ? '' : `, such as ${JSON.stringify(example)}`;
  const more = count > lines.length ? ', …' : '';
  return `  ${grouped(count)}  ${reason}${such} (line ${lines.map(grouped).join(', ')}${more})`;
}
