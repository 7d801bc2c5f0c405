import type { Context } from 'liquidjs';
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

  /** LiquidJS asks this before every tag and output, with the time. */
  readonly renderLimit = {
    check: (now: number): void => {
      this.end ??= now + LONGEST_MS;
      this.step(now > this.end ? Infinity : 1);
    },
  } as unknown as Context['renderLimit'];

  /** LiquidJS tells this what it is about to make, in characters and items. */
  readonly memoryLimit = {
    use: (size: number): void => this.make(Number(size)),
    check: (): void => undefined,
  } as unknown as Context['memoryLimit'];

  step(count: number): void {
    if (!this.budget.take(count)) throw new TooMuchWork();
  }

  make(characters: number): void {
    if (characters > 0 && !this.budget.take(0, characters)) throw new TooMuchWork();
  }

  /** Charges for looking at values, item by item and character by character, before it is done. */
  look(values: readonly unknown[]): void {
    let steps = 1;
    for (const value of values) {
      if (typeof value === 'string') steps += value.length / CHARACTERS_A_STEP;
      else if (Array.isArray(value)) steps += value.length;
    }
    this.step(steps);
  }
}

/** Ends the rendering of a text that is more work than it may be; the renderer drops the item. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';

  constructor() {
    super('it is more work than a decision may take');
  }
}
