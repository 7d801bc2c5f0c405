/** What a load generator saw. */
export class Tally {
  failed = 0;
  private readonly latencies: number[] = [];
  private firstAt = NaN;
  private lastAt = NaN;

  get requests(): number {
    return this.latencies.length;
  }

  /** From the first answer to the last. */
  get seconds(): number {
    return (this.lastAt - this.firstAt) / 1_000;
  }

  answered(ms: number): void {
    this.latencies.push(ms);
    this.lastAt = performance.now();
    if (Number.isNaN(this.firstAt)) this.firstAt = this.lastAt;
  }

  /** The latency in milliseconds that this share of requests did not exceed. */
  percentile(share: number): number {
    const sorted = Float64Array.from(this.latencies).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  }
}
