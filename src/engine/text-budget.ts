/**
 * What the texts of one decision may cost in all. Counted in steps and characters, never timed: the same input gives
 * the same answer, on a busy machine too, and again when it is replayed.
 */
export class TextBudget {
  /** The offers whose texts cost more than was left for them, in the order in which they were tried. */
  readonly refused: string[] = [];
  /** Whether the treatment begun last costs more than was left for it. */
  isOver = false;
  private readonly left: Cost = { steps: MOST_STEPS, characters: MOST_CHARACTERS };
  private readonly keep: Cost = { steps: 0, characters: 0 };

  /** Begins a treatment. It may cost half of what is left, so that there is something for what would take its place. */
  begin(): void {
    this.isOver = false;
    this.keep.steps = Math.floor(this.left.steps / 2);
    this.keep.characters = Math.floor(this.left.characters / 2);
  }

  /** Takes what a piece of work costs; false when there is not as much for this treatment, which is to end then. */
  take(steps: number, characters = 0): boolean {
    this.left.steps = Math.max(this.left.steps - steps, this.keep.steps);
    this.left.characters = Math.max(this.left.characters - characters, this.keep.characters);
    if (this.left.steps === this.keep.steps || this.left.characters === this.keep.characters) this.isOver = true;
    return !this.isOver;
  }
}

interface Cost {
  steps: number;
  characters: number;
}

/** Tags and outputs, those of a loop each time it turns, and what filters look through: about a microsecond each. */
export const MOST_STEPS = 10_000;
/** Of all that is put out and all that filters make. */
export const MOST_CHARACTERS = 400_000;
