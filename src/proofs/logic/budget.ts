/** What may be spent on looking: when nothing is left, nothing more is claimed. */
export class Budget {
  constructor(private steps: number) {}

  /** Negative where more was spent than there was. */
  get left(): number {
    return this.steps;
  }

  get isSpent(): boolean {
    return this.steps <= 0;
  }

  spend(steps: number): void {
    this.steps -= steps;
  }
}
