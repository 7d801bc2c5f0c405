import type { ExplainedLimit } from '../engine/explain/explanation.js';
import { findGate, type Gate } from '../engine/gates.js';
import { wallOf } from '../engine/values/wall-clock.js';

type Cap = NonNullable<ExplainedLimit['cap']>;
type Policy = NonNullable<ExplainedLimit['policy']>;

/** Which limit stopped an offer, how far it was used up, and when the offer may be made again. */
export function limitText(gate: Gate, limit: ExplainedLimit): string {
  const which = whichText(limit);
  const why = limit.notKnown ? `${gateWords(gate)} or not, could not be known` : gateWords(gate);
  return `${why}${which === '' ? '' : `: ${which}`}${againText(limit)}`;
}

/** When it may be made again: `; possible again on Monday 2026-11-30 00:00 (Europe/Brussels)`. */
export function againText({ opensAt, cap, policy }: ExplainedLimit): string {
  if (opensAt === undefined) return '';
  const timeZone = cap?.timeZone ?? (policy && 'timeZone' in policy ? policy.timeZone : undefined) ?? 'UTC';
  const wall = new Date(wallOf(Date.parse(opensAt), timeZone));
  const [date = '', time = ''] = wall.toISOString().split('T');
  return `; possible again on ${WEEKDAYS[wall.getUTCDay()]} ${date} ${time.slice(0, 5)} (${timeZone})`;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

function gateWords(gate: Gate): string {
  return findGate(gate).words;
}

function whichText({ cap, policy, lease }: ExplainedLimit): string {
  if (cap) return capText(cap);
  if (policy) return `${policyText(policy)} (${policy.at})`;
  if (!lease) return '';
  return [lease.channel ?? 'a request without a channel', ...(lease.placement ? [`by ${lease.placement}`] : [])].join(
    ' ',
  );
}

function capText({ per, placement, ...cap }: Cap): string {
  const where = placement === undefined ? '' : ` in ${placement}`;
  if (cap.limit === 'stock') return `what is in stock is gone${where}`;
  return `${countText(cap)}${per === 'total' ? ' in total' : ''}${where}`;
}

function countText(counted: {
  readonly event: string;
  readonly limit: number | string;
  readonly taken?: number;
  readonly held?: number;
  readonly within?: string;
}): string {
  const { event, limit, taken, held = 0, within } = counted;
  const count = taken === undefined ? `${limit}` : `${taken} of ${limit}`;
  const waiting = held === 0 ? '' : `, ${held} of them held by decisions`;
  return `${event} ${count}${within === undefined ? '' : ` within ${within}`}${waiting}`;
}

function policyText(policy: Policy): string {
  if ('limit' in policy) return `${policy.name === undefined ? '' : `${policy.name}, `}${countText(policy)}`;
  if ('until' in policy) return `from ${policy.from} until ${policy.until}`;
  const { after, times = 1, within, because, group, putOff } = policy;
  if (putOff) return 'put off until later';
  const often = times === 1 ? '' : ` ${times} times${within === undefined ? '' : ` within ${within}`}`;
  const [who, ms] = because === undefined ? ['', policy.for] : [`${because} was `, group];
  return `${who}${after}${often}, for ${ms}`;
}
