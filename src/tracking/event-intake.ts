import { Injectable } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import type { Json } from '../engine/language/json.js';
import { outcomeOf } from '../engine/visitor/outcome-events.js';
import type { Problem } from '../errors.js';
import type { Retimed } from '../visitors/intake/event-time.js';
import { contactIn } from '../visitors/intake/outcome-judge.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { Recorded } from '../visitors/writing/visitor-writer.js';
import type { Sender } from './sender.js';
import { VisitorsService } from '../visitors/visitors.service.js';

/** An event that was not stored, and all that is wrong with it. */
export interface Refusal {
  /** Its place among the events given, from 0. */
  readonly index: number;
  readonly problems: readonly Problem[];
}

/** The message id that an event got here. */
export interface NewMessageId {
  /** The place of the event among those given, from 0. */
  readonly index: number;
  readonly messageId: string;
}

/** An outcome that is stored as an interaction, and does not count as an outcome. */
export interface Uncounted {
  /** Its place among the events given, from 0. */
  readonly index: number;
  /** It names no offer, or is the word of a page without the token of its item. */
  readonly why: 'no-offer' | 'no-token';
}

/** What became of events. */
export interface Taken {
  /** How many were taken in now. */
  readonly accepted: number;
  /** How many of those are older than what is retained: counted, and nothing else is kept of them. */
  readonly notRetained: number;
  /** How many were stored before, by their message ids. */
  readonly duplicates: number;
  readonly refused: readonly Refusal[];
  /** The places of those of which an id was passed over, as clients send it by mistake. */
  readonly guarded: readonly number[];
  /** The message ids made for those that say neither an id nor a time: sent again without, they are new events. */
  readonly messageIds: readonly NewMessageId[];
  /** The places of those whose anonymous id stays with whom it was: nobody was joined by them. */
  readonly notJoined: readonly number[];
  /** The places of those that said a time to come, and stand at that of their receipt. */
  readonly clamped: readonly number[];
  /** Outcomes that do not count. */
  readonly uncounted: readonly Uncounted[];
}

/**
 * Stores the events that are in order: each resolves as stored, known already, or refused. Rejects where the store
 * fails.
 */
@Injectable()
export class EventIntake {
  private readonly events = metrics.getMeter('usher').createCounter('usher_events', { description: 'Events taken in' });
  private readonly retimed = metrics
    .getMeter('usher')
    .createCounter('usher_events_retimed', { description: 'Events that stand at another time than they said' });

  constructor(private readonly visitors: VisitorsService) {}

  /** A trusted sender's alias may join two people who are both known. `receivedAt` in milliseconds. */
  async take(
    raw: readonly Json[],
    { trusted, channel, door, prove }: Omit<Sender, 'agent'>,
    receivedAt: number,
  ): Promise<Taken> {
    const good: Indexed[] = [];
    const refused: Refusal[] = [];
    const whole = trusted ? await this.visitors.completed(raw) : raw;
    const all = this.visitors.normalise(whole, undefined, receivedAt, { otherwise: channel, prove });
    this.visitors.guardedMet.add(door, all.filter(({ guarded }) => guarded).length);
    for (const [index, read] of all.entries()) {
      if ('problems' in read) refused.push({ index, problems: read.problems });
      else good.push({ ...read, index, event: read.event.kind === 'alias' ? { ...read.event, trusted } : read.event });
    }
    const recorded = await this.visitors.record(good.map(({ event }) => event));
    return this.counted(toTaken(good, recorded, refused), good);
  }

  private counted(taken: Taken, good: readonly Indexed[]): Taken {
    this.events.add(taken.accepted, { outcome: 'accepted' });
    this.events.add(taken.duplicates, { outcome: 'duplicate' });
    this.events.add(taken.refused.length, { outcome: 'refused' });
    for (const why of ['skew', 'future'] as const) {
      const count = good.filter(({ retimed }) => retimed === why).length;
      if (count > 0) this.retimed.add(count, { why });
    }
    return taken;
  }
}

interface Indexed {
  readonly index: number;
  readonly event: MemoryEvent;
  readonly newId?: string;
  readonly retimed?: Retimed;
  readonly guarded?: readonly string[];
}

function toTaken(good: readonly Indexed[], recorded: readonly Recorded[], unreadable: readonly Refusal[]): Taken {
  const refused = [...unreadable];
  const notJoined: number[] = [];
  let duplicates = 0;
  for (const [at, { index }] of good.entries()) {
    // Who would join two people, or say something of one, without the right to, or more than a visitor may have.
    const why = recorded[at]?.refused;
    if (why !== undefined) refused.push({ index, problems: [why] });
    else if (recorded[at]?.duplicate) duplicates++;
    if (recorded[at]?.notJoined) notJoined.push(index);
  }
  return {
    notRetained: recorded.filter((one) => one.notRetained).length,
    accepted: good.length - duplicates - (refused.length - unreadable.length),
    duplicates,
    refused: refused.sort((a, b) => a.index - b.index),
    notJoined,
    guarded: good.filter(({ guarded }) => guarded !== undefined).map(({ index }) => index),
    messageIds: good.flatMap(({ index, newId }) => (newId === undefined ? [] : [{ index, messageId: newId }])),
    clamped: good.filter(({ retimed }) => retimed === 'future').map(({ index }) => index),
    uncounted: good.flatMap(({ index, event }) => uncounted(event, index)),
  };
}

function uncounted(event: MemoryEvent, index: number): readonly Uncounted[] {
  if (event.kind !== 'interaction' || event.contact || !outcomeOf(event.event)) return [];
  return [{ index, why: contactIn(event) ? 'no-token' : 'no-offer' }];
}
