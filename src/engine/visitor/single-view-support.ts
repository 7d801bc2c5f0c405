/** Matters that a person has with support, by the words of a {@link SupportPolicy}. */
import type { Json, JsonObject } from '../language/json.js';
import { type Millis, iso } from '../language/millis.js';
import type { HeardInteraction } from './interaction.js';
import { USUAL_POLICY, type SupportPolicy } from './single-view-policy.js';

/** What is open between a person and support. */
export interface SupportProfile {
  /** The longest open first. */
  readonly open: readonly MatterProfile[];
  /** Spent by the person on all that is open. */
  readonly minutes: number;
  /** Since when something has been open; absent where nothing is. */
  readonly since?: string;
  /** How many were resolved. */
  readonly resolved: number;
  readonly lastResolved?: string;
}

/** One open matter. */
export interface MatterProfile {
  /** The number of the case or ticket; absent where no event said one. */
  readonly id?: string;
  readonly topic?: string;
  readonly since: string;
  /** When it was last spoken of, and where. */
  readonly last: string;
  readonly channel: string;
  readonly contacts: number;
  readonly minutes: number;
}

/** From interactions in order of timestamp. */
export function tellSupport(
  interactions: readonly HeardInteraction[],
  policy: SupportPolicy = USUAL_POLICY.support,
): SupportProfile {
  const { open, minutes, resolved, lastResolved } = sumUpSupport(interactions, policy);
  const [first] = open;
  return {
    open: open.map(tellMatter),
    minutes,
    ...(first && { since: iso(first.since) }),
    resolved,
    ...(lastResolved !== undefined && { lastResolved: iso(lastResolved) }),
  };
}

/** What is open between a person and support, in numbers: what rules ask, without the texts that only people read. */
export interface SupportSum {
  /** The longest open first. */
  readonly open: readonly Readonly<Matter>[];
  /** Spent by the person on all that is open. */
  readonly minutes: number;
  readonly resolved: number;
  readonly lastResolved: Millis | undefined;
}

/** From interactions in order of timestamp. */
export function sumUpSupport(interactions: readonly HeardInteraction[], policy: SupportPolicy): SupportSum {
  const log = new SupportLog(policy);
  for (const one of interactions) log.add(one);
  const open = [...log.open.values()].sort((a, b) => a.since - b.since);
  return {
    open,
    minutes: rounded(open.reduce((sum, { minutes }) => sum + minutes, 0)),
    resolved: log.resolved,
    lastResolved: log.lastResolved,
  };
}

/** One open matter; `id` is {@link UNNAMED} where no event said one. */
export interface Matter {
  readonly id: string;
  readonly since: Millis;
  topic: string | undefined;
  last: Millis;
  channel: string;
  contacts: number;
  minutes: number;
}

/** The matter of events that name none. */
const UNNAMED = '';

/** The open matters as of the events so far, and how many were resolved. */
class SupportLog {
  readonly open = new Map<string, Matter>();
  resolved = 0;
  lastResolved: Millis | undefined;
  private readonly spent = new Map<string, number>();

  constructor(private readonly policy: SupportPolicy) {}

  add(one: HeardInteraction): void {
    const kind = this.policy.kindOf(one.event);
    if (kind === undefined) return;
    const id = textIn(one.properties, this.policy.case) ?? UNNAMED;
    if (kind === 'closed') return this.close(id, one);
    const matter = this.matter(id, one);
    matter.topic = textIn(one.properties, this.policy.topic) ?? matter.topic;
    matter.last = one.timestamp;
    matter.channel = one.channel;
    matter.contacts += Number(kind === 'contacted');
    matter.minutes += minutesIn(one.properties, this.policy);
  }

  /** What names no matter is about the only one that is open, if there is only one. */
  private matter(named: string, { timestamp, channel }: HeardInteraction): Matter {
    const id = named === UNNAMED && this.open.size === 1 ? ([...this.open.keys()][0] ?? UNNAMED) : named;
    const known = this.open.get(id);
    if (known) return known;
    const matter = {
      id,
      since: timestamp,
      topic: undefined,
      last: timestamp,
      channel,
      contacts: 0,
      minutes: this.spent.get(id) ?? 0,
    };
    this.open.set(id, matter);
    return matter;
  }

  /**
   * A resolution that names no matter ends all; one that names one also ends what was never named.
   * `docs/visitors.md` has these rules.
   */
  private close(id: string, { timestamp }: HeardInteraction): void {
    const ended = [...this.open.values()].filter((one) => id === UNNAMED || one.id === id || one.id === UNNAMED);
    for (const matter of ended) {
      this.open.delete(matter.id);
      // A case that is opened again goes on with the minutes spent on it before.
      if (matter.id !== UNNAMED) this.spent.set(matter.id, matter.minutes);
    }
    this.resolved += Math.max(1, ended.length);
    this.lastResolved = timestamp;
  }
}

function tellMatter({ id, topic, since, last, channel, contacts, minutes }: Matter): MatterProfile {
  return {
    ...(id !== UNNAMED && { id }),
    ...(topic !== undefined && { topic }),
    since: iso(since),
    last: iso(last),
    channel,
    contacts,
    minutes: rounded(minutes),
  };
}

function minutesIn(properties: JsonObject, { minutes, seconds }: SupportPolicy): number {
  return amountIn(properties, minutes) ?? (amountIn(properties, seconds) ?? 0) / 60;
}

function amountIn(properties: JsonObject, names: readonly string[]): number | undefined {
  return names
    .map((name) => (Object.hasOwn(properties, name) ? properties[name] : undefined))
    .find((value) => isAmount(value));
}

function isAmount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function textIn(properties: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
  }
  return undefined;
}

function rounded(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}
