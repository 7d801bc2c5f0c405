/** Who asked for a value, until they are told. */
interface Asked {
  readonly key: string;
  readonly tell: (value: Buffer | null) => void;
  readonly fail: (error: unknown) => void;
}

/** Reads the values of some keys, in their order. */
export type ReadPage = (keys: readonly string[]) => Promise<readonly (Buffer | null)[]>;

/** How a {@link GatheredReads} reads. */
export interface GatheredReadsOptions {
  readonly readPage: ReadPage;
  /** So many keys at most are read at once. */
  readonly pageSize: number;
  /** Calls what it is given when this turn of the event loop ends. */
  readonly atEndOfTurn: (send: () => void) => void;
}

/**
 * Gathers what is asked for in one turn of the event loop, by whomever, and reads it in pages at its end: a command
 * costs its client more than the value that it brings. Nobody waits longer for it, as what is sent in a turn leaves at
 * its end; a page is told as soon as it is there. One that fails fails for all on it, so what lies on several nodes is
 * not to be gathered.
 */
export class GatheredReads {
  private asked: Asked[] = [];

  constructor(private readonly options: GatheredReadsOptions) {}

  read(key: string): Promise<Buffer | null> {
    return new Promise((tell, fail) => {
      if (this.asked.push({ key, tell, fail }) === 1) this.options.atEndOfTurn(() => this.send());
    });
  }

  private send(): void {
    const { asked } = this;
    const { pageSize } = this.options;
    this.asked = [];
    for (let at = 0; at < asked.length; at += pageSize) void this.sendPage(asked.slice(at, at + pageSize));
  }

  private async sendPage(page: readonly Asked[]): Promise<void> {
    try {
      const values = await this.options.readPage(page.map(({ key }) => key));
      page.forEach(({ tell }, at) => tell(values[at] ?? null));
    } catch (error) {
      for (const { fail } of page) fail(error);
    }
  }
}
