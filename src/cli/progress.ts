/** Where a long command stands. */
export interface ProgressState {
  readonly rows: number;
  readonly refused: number;
  readonly seconds: number;
  /** From 0 to 1; undefined where the end is not known. */
  readonly share: number | undefined;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TTY_EVERY_MS = 100;
const PLAIN_EVERY_MS = 5_000;
const BAR_CHARS = 24;

/** Shows how far a command is: a bar that moves on a terminal, a line every five seconds elsewhere. */
export class Progress {
  private readonly startMs = performance.now();
  private shownMs = this.startMs;

  constructor(private readonly screen: Screen = process.stderr) {}

  get seconds(): number {
    return (performance.now() - this.startMs) / 1000;
  }

  /** Called as often as one likes. */
  update(state: Omit<ProgressState, 'seconds'>): void {
    const everyMs = this.screen.isTTY ? TTY_EVERY_MS : PLAIN_EVERY_MS;
    if (performance.now() - this.shownMs < everyMs) return;
    this.shownMs = performance.now();
    const now = { ...state, seconds: this.seconds };
    if (this.screen.isTTY) this.screen.write(`\r\u001B[2K${barText(now).slice(0, (this.screen.columns || 80) - 1)}`);
    else this.screen.write(`${plainText(now)}\n`);
  }

  /** Leaves the terminal as it was. */
  clear(): void {
    if (this.screen.isTTY) this.screen.write('\r\u001B[2K');
  }
}

/** The line of a terminal: `████████████░░░░░░░░░░░░ 50 %  8,717 rows  17,434 rows/s  0:01 left`. */
export function barText(state: ProgressState): string {
  const { share } = state;
  const bar = share === undefined ? [] : [drawn(share) + ` ${Math.floor(share * 100)} %`];
  return [...bar, ...facts(state), ...left(state)].join('  ');
}

/** The line of a log: `8,717 rows, 17,434 rows/s, 50 %`. */
export function plainText(state: ProgressState): string {
  const share = state.share === undefined ? [] : [`${Math.floor(state.share * 100)} %`];
  return [...facts(state), ...share].join(', ');
}

function drawn(share: number): string {
  const full = Math.round(share * BAR_CHARS);
  return '█'.repeat(full) + '░'.repeat(BAR_CHARS - full);
}

function facts({ rows, refused, seconds }: ProgressState): string[] {
  const rate = seconds > 0 ? Math.round(rows / seconds) : 0;
  const bad = refused > 0 ? [`${grouped(refused)} refused`] : [];
  return [`${grouped(rows)} rows`, `${grouped(rate)} rows/s`, ...bad];
}

function left({ share, seconds }: ProgressState): string[] {
  if (share === undefined || share < 0.01) return [];
  const remaining = Math.round((seconds / share) * (1 - share));
  return [`${Math.floor(remaining / 60)}:${String(remaining % 60).padStart(2, '0')} left`];
}

/** A number as people read it: `17,434`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-GB');
}
