/** Who asked for some values, until they are told. */
interface Asked {
  readonly keys: readonly string[];
  readonly tell: (values: readonly (Buffer | null)[]) => void;
  readonly fail: (error: unknown) => void;
}

/** Reads the values of keys, in their order. */
export type ReadAll = (keys: readonly string[]) => Promise<readonly (Buffer | null)[]>;

/**
 * Gathers what is asked for in one turn of the event loop, by whomever, into one read at its end: a command costs its
 * client more than the value that it brings. Nobody waits longer for it, as what is sent in a turn leaves at its end.
 * One that fails fails for all, so what lies on several nodes is not to be gathered.
 */
export class GatheredReads {
  private asked: Asked[] = [];

  /** `atEndOfTurn` calls what it is given when this turn ends. */
  constructor(
    private readonly readAll: ReadAll,
    private readonly atEndOfTurn: (send: () => void) => void,
  ) {}

  read(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return new Promise((tell, fail) => {
      if (this.asked.push({ keys, tell, fail }) === 1) this.atEndOfTurn(() => void this.send());
    });
  }

  private async send(): Promise<void> {
    const { asked } = this;
    this.asked = [];
    try {
      const values = await this.readAll(asked.length === 1 ? keysOf(asked[0]) : asked.flatMap(keysOf));
      if (asked.length === 1) return asked[0]?.tell(values);
      let at = 0;
      for (const { keys, tell } of asked) tell(values.slice(at, (at += keys.length)));
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  }
}

function keysOf(asked: Asked | undefined): readonly string[] {
  return asked?.keys ?? [];
}
