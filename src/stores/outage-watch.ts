/** Is called once for each outage: enough for a log line. */
export interface WatchOutages {
  readonly onDown?: (reason: string) => void;
  readonly onUp?: () => void;
}

const QUIET_MS = 30_000;

/**
 * Turns a flood of errors into one call per outage. An outage ends when the connection is back, or, where only some
 * nodes of a Cluster are away, when half a minute has passed without an error.
 */
export class OutageWatch {
  private isDown = false;
  private lastErrorAt = -Infinity;
  lastReason = 'not connected yet';

  constructor(private readonly watch: WatchOutages) {}

  down(reason: string): void {
    const isNews = !this.isDown || Date.now() - this.lastErrorAt > QUIET_MS;
    this.isDown = true;
    this.lastErrorAt = Date.now();
    this.lastReason = reason;
    if (isNews) this.watch.onDown?.(reason);
  }

  up(): void {
    if (this.isDown) this.watch.onUp?.();
    this.isDown = false;
  }
}
