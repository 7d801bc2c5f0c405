import { Injectable } from '@nestjs/common';
import type { LoopClock } from './loop-clock.js';

/** What is admitted apart: decisions are not turned away for events, nor these for a mailing. */
export type Lane = 'decisions' | 'events' | 'streams';

/** So many of a lane are always taken: a moment in which the process was busy with something else turns nobody away. */
const ALWAYS = 16;
/** A third of what callers wait may be in hand: they wait to be heard, and for those before them, and are worked on. */
const SHARE_IN_HAND = 1 / 3;
/** What one takes is reckoned anew after so many. */
const SAMPLE = 32;
const FULL_FOR_MS = 100;

/**
 * Says what is taken on and what is turned away, so that nobody waits for longer than callers do. No more is in hand
 * than is done within a third of the deadline, at the pace of the latest that were done; whatever came while the event
 * loop slept is taken on too, as then there is time to spare: what is in hand waits for the store. So nothing is turned
 * away but where the loop is busy without a pause. Never more than `most` are in hand.
 */
@Injectable()
export class Admission {
  private readonly lanes: Readonly<Record<Lane, InHand>> = {
    decisions: new InHand(),
    events: new InHand(),
    streams: new InHand(),
  };
  private readonly most: number;
  private readonly inHandMs: number;
  private refusedAt = -Infinity;

  constructor(
    private readonly clock: LoopClock,
    { most, deadlineMs }: { readonly most: number; readonly deadlineMs: number },
  ) {
    this.most = most;
    this.inHandMs = deadlineMs * SHARE_IN_HAND;
    clock.onTurn((turnMs) => {
      for (const lane of Object.values(this.lanes)) lane.endTurn(turnMs);
    });
  }

  /** Whether one more is taken on; then {@link leave} must be called once it has its answer. */
  admit(name: Lane): boolean {
    const lane = this.lanes[name];
    const turnAgeMs = this.clock.turnAgeMs();
    const isTaken = lane.count < this.most && (name === 'streams' ? !this.isFull : this.hasTimeFor(lane, turnAgeMs));
    if (isTaken) lane.begin();
    else this.refusedAt = performance.now();
    return isTaken;
  }

  leave(lane: Lane): void {
    this.lanes[lane].end();
  }

  /** How many have no answer yet. */
  inFlight(lane: Lane): number {
    return this.lanes[lane].inFlight;
  }

  /** Whether anybody was turned away a moment ago. */
  get isFull(): boolean {
    return performance.now() - this.refusedAt < FULL_FOR_MS;
  }

  private hasTimeFor(lane: InHand, turnAgeMs: number): boolean {
    if (lane.count < ALWAYS) return true;
    return turnAgeMs < this.inHandMs && (this.clock.hasSlept() || lane.count * lane.eachMs < this.inHandMs);
  }
}

/** The work of one lane. */
class InHand {
  inFlight = 0;
  /** What one takes, with all else that is done meanwhile: the less of two samples, as a pause is in one of them. */
  eachMs = 0;
  private sampleMs = 0;
  /** Answered or not: a store that answers at once leaves nothing in flight, and the turn goes on all the same. */
  private begunThisTurn = 0;
  private done = 0;
  private busyMs = 0;

  get count(): number {
    return Math.max(this.inFlight, this.begunThisTurn);
  }

  begin(): void {
    this.inFlight++;
    this.begunThisTurn++;
  }

  end(): void {
    this.inFlight--;
    this.done++;
  }

  endTurn(turnMs: number): void {
    this.begunThisTurn = 0;
    this.busyMs += turnMs;
    if (this.done < SAMPLE) return;
    const before = this.sampleMs;
    this.sampleMs = this.busyMs / this.done;
    this.eachMs = Math.min(before, this.sampleMs);
    this.busyMs = this.done = 0;
  }
}
