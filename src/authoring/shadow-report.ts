/** Placements that a shadow release decides otherwise than the one that served: how often each difference came. */
export interface ShadowDifference {
  /** The release that served. */
  readonly live: number;
  readonly placement: string;
  /** The offers that were served, in their order. */
  readonly from: readonly string[];
  /** The offers that the shadow would have served; the same where only what they show differs. */
  readonly to: readonly string[];
  readonly count: number;
}

/** What is known of a shadow release. */
export interface ShadowReport {
  readonly version: number;
  /** How many placements were decided by both. */
  readonly compared: number;
  /** How many decisions were passed over, as too much waited. */
  readonly skipped: number;
  /** How often the shadow release could not decide. */
  readonly failed: number;
  /** How many differences more there were, of kinds beyond the first thousand that a process came upon. */
  readonly others: number;
  /** The most frequent first. */
  readonly differences: readonly ShadowDifference[];
}

/**
 * The counts of a shadow release, told apart. A difference is counted under the JSON of `[live, placement, from, to]`.
 */
export function shadowReport(version: number, counts: ReadonlyMap<string, number>): ShadowReport {
  const of = (key: string): number => counts.get(key) ?? 0;
  const differences = [...counts].flatMap(([key, count]) => differenceOf(key, count));
  differences.sort((a, b) => b.count - a.count || (a.placement < b.placement ? -1 : 1));
  return {
    version,
    compared: of('compared'),
    skipped: of('skipped'),
    failed: of('failed'),
    others: of('others'),
    differences,
  };
}

function differenceOf(key: string, count: number): ShadowDifference[] {
  if (!key.startsWith('[')) return [];
  const [live, placement, from, to] = JSON.parse(key) as [number, string, string[], string[]];
  return [{ live, placement, from, to, count }];
}
