import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** How old what is known of the loop may be where no request comes. */
const LOOK_EVERY_MS = 10;

/** Asking the system takes a little even where something is there. */
const LONGEST_BLINK_MS = 0.05;

/** A moment at which the loop asked the system what has come, and how long it had slept in all by then. */
interface Look {
  readonly at: number;
  readonly sleptMs: number;
}

/**
 * Knows how long what is read from a connection has lain there, which the system does not say: the loop asks for what
 * has come once in each turn, so whatever it finds came after it asked before. All times are those of
 * `performance.now()`.
 */
@Injectable()
export class LoopClock implements OnApplicationShutdown {
  private before = lookNow();
  /** Of the turn that is under way, once something asked in it. */
  private current: Look | undefined;
  private readonly listeners: ((turnMs: number) => void)[] = [];
  private readonly timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();

  /** When what is read in this turn came in, at the earliest. */
  arrival(): number {
    const { sleptMs } = this.look();
    // While the loop slept nothing lay there: it would have woken up.
    return this.before.at + (sleptMs - this.before.sleptMs);
  }

  /** For how many milliseconds this turn has gone on. */
  turnAgeMs(): number {
    return performance.now() - this.look().at;
  }

  /** Whether the loop had nothing to do before this turn: whoever is heard now was heard at once. */
  hasSlept(): boolean {
    return this.look().sleptMs - this.before.sleptMs > LONGEST_BLINK_MS;
  }

  /** Calls it at the end of each turn in which anybody asked, with how long it was. */
  onTurn(listener: (turnMs: number) => void): void {
    this.listeners.push(listener);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): Look {
    if (this.current) return this.current;
    setImmediate(() => this.endTurn());
    return (this.current = lookNow());
  }

  private endTurn(): void {
    const { current } = this;
    if (!current) return;
    this.before = current;
    this.current = undefined;
    const turnMs = performance.now() - current.at;
    for (const listener of this.listeners) listener(turnMs);
  }
}

function lookNow(): Look {
  return { at: performance.now(), sleptMs: performance.eventLoopUtilization().idle };
}
