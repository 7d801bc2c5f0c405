import { compileQuietHours, type QuietHours } from '../../engine/limits/quiet-hours.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import { textsOf } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';

/** Warns of quiet hours of the contact policy by which it is always quiet, by themselves or with others beside them. */
export function alwaysQuiet(file: RuleFile, warnings: Findings): void {
  const { root } = file;
  const exceptions = ['groups', 'offers'].flatMap((name) => [...(root?.get(name)?.members.values() ?? [])]);
  for (const part of [root, ...exceptions.map(({ node }) => node)]) {
    const list = (part?.get('quietHours')?.items ?? []).flatMap(readHours);
    const everywhere = fullWith(list, undefined);
    if (everywhere) warnings.add(file, everywhere.node.offset, always(everywhere));
    else lookByChannel(file, list, warnings);
  }
}

/** Quiet hours, and where they stand. */
interface ReadHours {
  readonly node: SourceNode;
  readonly hours: QuietHours;
}

/** As decisions go by them; none where they can't be read, or have no length, which is refused. */
function readHours(node: SourceNode): ReadHours[] {
  const [from, until, days] = [node.get('from')?.text, node.get('until')?.text, node.get('days')];
  const channels = node.get('channels');
  if (from === undefined || until === undefined || from === until) return [];
  const written = {
    ...{ from, until },
    ...(days && { days: textsOf(days) as Weekdays }),
    ...(channels && { channels: textsOf(channels) }),
  };
  return [{ node, hours: compileQuietHours(written, '') }];
}

type Weekdays = NonNullable<QuietHours['written']['days']>;

/** The quiet hours that fill each day and night, with those before them that hold in the same place. */
interface Full {
  readonly node: SourceNode;
  /** Whether they do so by themselves. */
  readonly isAlone: boolean;
}

/** One that names a channel, and all of each day, is meant to close the channel. */
function lookByChannel(file: RuleFile, list: readonly ReadHours[], warnings: Findings): void {
  const channels = new Set(list.flatMap(({ hours }) => hours.channels ?? []));
  const closed = [...channels].flatMap((channel) => {
    const full = fullWith(list, channel);
    return full && !full.isAlone ? [{ channel, node: full.node }] : [];
  });
  for (const [node, alike] of Map.groupBy(closed, (one) => one.node)) {
    const where = alike.map(({ channel }) => `"${channel}"`).join(', ');
    warnings.add(file, node.offset, always({ node, isAlone: false }, where));
  }
}

function always({ isAlone }: Full, where?: string): string {
  const by = isAlone ? 'by this' : 'by this and the quiet hours before it, which together fill every day';
  const remedy = isAlone ? 'name "channels" or "days", or other hours' : 'leave some time of some day free';
  return (
    `it is always quiet ${where === undefined ? '' : `in ${where} `}${by}: none of these offers is ever made` +
    `${where === undefined ? '' : ' there'}, unless it is transactional; ${remedy}`
  );
}

/** Hours of clocks of different zones are not put together: where clocks are set, they do not keep in step. */
function fullWith(list: readonly ReadHours[], channel: string | undefined): Full | undefined {
  const here = list.filter(
    ({ hours: { channels } }) => !channels || (channel !== undefined && channels.includes(channel)),
  );
  for (const alike of Map.groupBy(here, ({ node }) => node.get('timeZone')?.text).values()) {
    const week = new Uint8Array(WEEK);
    for (const { node, hours } of alike) {
      mark(week, hours);
      if (!week.includes(0)) return { node, isAlone: !mark(new Uint8Array(WEEK), hours).includes(0) };
    }
  }
  return undefined;
}

const MINUTE_MS = 60_000;
const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Marks the minutes of a week, by the clocks, at which it is quiet. What begins on its last day ends on its first. */
function mark(week: Uint8Array, { from, until, days = EVERY_DAY }: QuietHours): Uint8Array {
  const length = (until - from) / MINUTE_MS + (from < until ? 0 : DAY);
  for (const day of days.filter((one) => one >= 0)) {
    const begin = day * DAY + from / MINUTE_MS;
    week.fill(1, begin, begin + length);
    week.fill(1, Math.max(0, begin - WEEK), Math.max(0, begin + length - WEEK));
  }
  return week;
}

const EVERY_DAY: readonly number[] = [0, 1, 2, 3, 4, 5, 6];
