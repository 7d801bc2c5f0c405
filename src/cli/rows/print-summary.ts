import { styleText } from 'node:util';
import type { RowKind } from '../../doors/mapping/mapping.js';
import { grouped } from '../progress.js';
import type { RefusedGroup, Tally } from './tally.js';

const SHOWN_REASONS = 20;

/** What became of a file's rows, for people. */
export function summaryText(kind: RowKind, tally: Tally, seconds: number): string {
  const known: [number, string][] = kind === 'events' ? [[tally.duplicates, 'already known']] : [];
  const countedOnly: [number, string][] =
    tally.notRetained > 0 ? [[tally.notRetained, 'of them counted only, as they are older than what is retained']] : [];
  const counts: [number, string][] = [
    [tally.rows, `rows read in ${seconds.toFixed(1)} s (${grouped(rate(tally, seconds))} rows/s)`],
    [tally.accepted, 'accepted'],
    ...countedOnly,
    ...known,
    [tally.refused, 'refused'],
    [tally.visitors, 'visitors'],
  ];
  const width = Math.max(...counts.map(([count]) => grouped(count).length));
  const lines = counts.map(([count, what]) => `${grouped(count).padStart(width)} ${what}`);
  return [...lines, ...reasonLines(tally.reasons())].join('\n');
}

/** The same for programs. */
export function summaryJson(tally: Tally, seconds: number): string {
  const { rows, accepted, notRetained, duplicates, refused, visitors } = tally;
  const timing = { seconds: Number(seconds.toFixed(3)), rowsPerSecond: rate(tally, seconds) };
  return JSON.stringify(
    { rows, accepted, notRetained, duplicates, refused, visitors, ...timing, reasons: tally.reasons() },
    null,
    2,
  );
}

function rate(tally: Tally, seconds: number): number {
  return Math.round(tally.rows / Math.max(seconds, 0.001));
}

function reasonLines(groups: readonly RefusedGroup[]): string[] {
  if (groups.length === 0) return [];
  const more =
    groups.length > SHOWN_REASONS ? [`  and ${groups.length - SHOWN_REASONS} more reasons; --json has them all`] : [];
  return ['', styleText('yellow', 'Refused:'), ...groups.slice(0, SHOWN_REASONS).map(reasonLine), ...more];
}

function reasonLine({ reason, count, rows, example }: RefusedGroup): string {
  const such = example === undefined ? '' : `, such as ${JSON.stringify(example)}`;
  const more = count > rows.length ? ', …' : '';
  return `  ${grouped(count)}  ${reason}${such} (row ${rows.map(grouped).join(', ')}${more})`;
}
