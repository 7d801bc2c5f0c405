import { Injectable } from '@nestjs/common';
import type { LoopClock } from './loop-clock.js';

/** What is admitted apart: decisions are not turned away for events, nor these for a mailing. */
export type Lane = 'decisions' | 'events' | 'streams';

/** So many of a lane are always taken: a moment in which the process was busy with something else turns nobody away. */
const ALWAYS = 16;
/** More where the loop has slept a moment ago: a burst of one page is heard over several turns. */
const ALWAYS_AFTER_REST = 48;
const AFTER_REST_MS = 100;
/** Of the deadline of decisions: they wait to be heard, and for those before them, and are worked on. */
const DECISIONS_IN_HAND = 1 / 3;
/** Of the same: who sends events waits for seconds, and pays more for being turned away. */
const EVENTS_TURN = 10;
/** What one takes is reckoned anew after so many. */
const SAMPLE = 32;
const FULL_FOR_MS = 100;

/**
 * Says what is taken on and what is turned away, so that nobody waits for longer than callers do. No more decisions are
 * in hand than are made within a third of the deadline, at the pace of the latest. Where the event loop slept before
 * this turn there is time to spare, as what is in hand waits for the store: then whatever is heard within the deadline
 * is taken on, so that many who come at once after a quiet moment are all served. Events are turned away where a turn
 * of the loop has gone on for ten deadlines. Never more than `most` of a lane are in hand, and no mailing is begun
 * while anybody is turned away.
 */
@Injectable()
export class Admission {
  private readonly lanes: Readonly<Record<Lane, InHand>>;
  private readonly most: number;
  private refusedAt = -Infinity;
  private restedAt = -Infinity;

  constructor(
    private readonly clock: LoopClock,
    { most, deadlineMs }: { readonly most: number; readonly deadlineMs: number },
  ) {
    this.most = most;
    const shareMs = deadlineMs * DECISIONS_IN_HAND;
    this.lanes = {
      decisions: new InHand({ inHandMs: shareMs, turnMs: shareMs, turnAfterRestMs: deadlineMs }),
      events: new InHand({ inHandMs: Infinity, ...always(deadlineMs * EVENTS_TURN) }),
      streams: new InHand({ inHandMs: Infinity, ...always(Infinity) }),
    };
    clock.onTurn((turnMs) => {
      for (const lane of Object.values(this.lanes)) lane.endTurn(turnMs);
    });
  }

  /** Whether one more is taken on; then {@link leave} must be called once it has its answer. */
  admit(name: Lane): boolean {
    const lane = this.lanes[name];
    const turnAgeMs = this.clock.turnAgeMs();
    const hasSlept = this.clock.hasSlept();
    const now = performance.now();
    if (hasSlept) this.restedAt = now;
    const always = now - this.restedAt < AFTER_REST_MS ? ALWAYS_AFTER_REST : ALWAYS;
    const hasRoom = lane.count < this.most && (lane.count < always || lane.hasTime(turnAgeMs, hasSlept));
    const isTaken = hasRoom && !(name === 'streams' && this.isFull);
    if (isTaken) lane.begin();
    else if (name !== 'streams') this.refusedAt = now;
    return isTaken;
  }

  leave(lane: Lane): void {
    this.lanes[lane].end();
  }

  /** In place of {@link leave}: nothing was done for it yet, and it comes back to be taken on again. */
  stepAside(lane: Lane): void {
    this.lanes[lane].stepAside();
  }

  /** How many have no answer yet. */
  inFlight(lane: Lane): number {
    return this.lanes[lane].inFlight;
  }

  /** Whether anybody was turned away a moment ago. */
  get isFull(): boolean {
    return performance.now() - this.refusedAt < FULL_FOR_MS;
  }
}

/** Until when in a turn work is begun, in milliseconds: where the loop was busy before it, and where it slept. */
interface TurnLimits {
  readonly turnMs: number;
  readonly turnAfterRestMs: number;
}

function always(turnMs: number): TurnLimits {
  return { turnMs, turnAfterRestMs: turnMs };
}

/** The work of one lane. */
class InHand {
  inFlight = 0;
  /** What one takes, with all else that is done meanwhile; by one sample it at most doubles, as a pause is in one. */
  private eachMs = 0;
  private sampleMs = 0;
  /** Answered or not: a store that answers at once leaves nothing in flight, and the turn goes on all the same. */
  private begunThisTurn = 0;
  private done = 0;
  private busyMs = 0;

  /** So much work may be in hand, and be begun so late in a turn. */
  constructor(private readonly limits: TurnLimits & { readonly inHandMs: number }) {}

  get count(): number {
    return Math.max(this.inFlight, this.begunThisTurn);
  }

  hasTime(turnAgeMs: number, hasSlept: boolean): boolean {
    const { inHandMs, turnMs, turnAfterRestMs } = this.limits;
    return hasSlept ? turnAgeMs < turnAfterRestMs : turnAgeMs < turnMs && this.count * this.eachMs < inHandMs;
  }

  begin(): void {
    this.inFlight++;
    this.begunThisTurn++;
  }

  end(): void {
    this.inFlight--;
    this.done++;
  }

  stepAside(): void {
    this.inFlight--;
  }

  endTurn(turnMs: number): void {
    // What was done while nothing of this was in hand says nothing of it.
    if (this.count > 0) this.busyMs += turnMs;
    this.begunThisTurn = 0;
    if (this.done < SAMPLE) return;
    const before = this.sampleMs;
    this.sampleMs = this.busyMs / this.done;
    this.eachMs = Math.min(2 * before, this.sampleMs);
    this.busyMs = this.done = 0;
  }
}
