import { toValue } from 'liquidjs';
import type { TextBudget } from '../../engine/text-budget.js';

/**
 * The last resort, far beyond what all the steps together take, also on a machine with no time to spare: by a clock a
 * decision may come out otherwise when it is replayed.
 */
const LONGEST_MS = 5_000;
/** A step of work looks through so many characters of a value. */
const CHARACTERS_A_STEP = 64;

/** Charges the budget of a decision for what rendering a treatment does, and ends it where that is over. */
export class TextWork {
  private end: number | undefined;

  constructor(private readonly budget: TextBudget) {
    budget.begin();
  }

  /** A step of LiquidJS, which tells the time. */
  stepAt(now: number): void {
    this.end ??= now + LONGEST_MS;
    this.step(now > this.end ? Infinity : 1);
  }

  step(count: number): void {
    if (!this.budget.take(count)) throw new TooMuchWork();
  }

  make(characters: number): void {
    if (characters > 0 && !this.budget.take(0, characters)) throw new TooMuchWork();
  }

  /** Charges for looking at values, item by item and character by character, before it is done. */
  look(first: unknown, more: readonly unknown[]): void {
    let steps = 1 + stepsFor(toValue(first));
    for (const value of more) steps += stepsFor(toValue(value));
    this.step(steps);
  }
}

function stepsFor(value: unknown): number {
  if (typeof value === 'string') return value.length / CHARACTERS_A_STEP;
  return Array.isArray(value) ? value.length : 0;
}

/** Ends the rendering of a text that is more work than it may be; the renderer drops the item. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';

  constructor() {
    super('it is more work than a decision may take');
  }
}
