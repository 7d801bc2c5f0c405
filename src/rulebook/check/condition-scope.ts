/** What a condition may speak of where it stands. */
export interface ConditionScope {
  /** The ids of every segment. */
  readonly segments: readonly string[];
  /** What the params of facts may name of a kind that a form asks for. */
  readonly named: (what: 'offer' | 'group' | 'placement') => readonly string[];
  /** Whether it stands in a segment, which may not ask for the list of segments. */
  readonly inSegment: boolean;
  /** Whether facts are the names of an interaction's properties, which may be any. */
  readonly anyFact: boolean;
  /** Reports a problem at an offset of the file. */
  report(offset: number, message: string): void;
}
