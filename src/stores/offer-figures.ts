/** Figures of offers that no release holds, such as the propensities that a model gave. Nothing of anybody. */
export interface Figures {
  /** Counts up by one with each change; 0 before the first. */
  readonly version: number;
  /** JSON, whose meaning is its writer's. */
  readonly body: string;
}

/** Where there are none yet. */
export const NO_FIGURES: Figures = Object.freeze({ version: 0, body: '{}' });

/** Keeps one document of figures for all processes, which is compared and set. */
export abstract class OfferFigures {
  /** The figures; `NO_FIGURES` before any were put. */
  abstract read(): Promise<Figures>;

  /** Their version alone: a small read, to find out whether there is anything new. */
  abstract version(): Promise<number>;

  /** Puts the next ones; false where they are no longer at version `next.version - 1`, as another was quicker. */
  abstract put(next: Figures): Promise<boolean>;
}
