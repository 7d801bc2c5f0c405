import { decideAgain, digestOf, recordedView } from '../decisions/recorded-decision.js';
import type { PlacementDecision } from '../engine/answer.js';
import type { Rulebook } from '../engine/rulebook.js';
import type { VisitorView } from '../engine/visitor/visitor.js';
import { CorruptDocument } from '../errors.js';
import type { RecordedInput } from '../stores/recorded-inputs.js';
import { ChangeTally } from './change-tally.js';
import type { Recorded, NoRulebook } from './recorded.js';
import type { Changes, Difference, LeftOut, ReplayReport } from './replay-report.js';
import { shownIn } from './shown-in.js';

/** What is needed to decide again. */
export interface ReplayOptions {
  /** The release that made a decision. */
  readonly rulebookOf: (named: RecordedInput['rulebook']) => Rulebook | NoRulebook;
  /** Other rules, and the folder they come from. */
  readonly against?: { readonly folder: string; readonly rulebook: Rulebook } | undefined;
  /** Called after each decision with how many there were. */
  readonly progress?: (decisions: number) => void;
}

const MAX_DIFFERENCES = 10;

/**
 * Makes recorded decisions again: with the release that made each, which must come to the same bit for bit, and with
 * other rules, which tells what they would change. Takes memory for each visitor (a number), not for each decision.
 */
export async function replay(recorded: AsyncIterable<Recorded>, options: ReplayOptions): Promise<ReplayReport> {
  const replaying = new Replay(options);
  for await (const one of recorded) {
    replaying.take(one);
    options.progress?.(replaying.decisions);
  }
  return replaying.report();
}

class Replay {
  decisions = 0;
  private readonly startedAt = performance.now();
  private readonly tally: ChangeTally | undefined;
  private readonly releases = new Map<number, number>();
  private readonly leftOut: Record<keyof LeftOut, number> = { releaseGone: 0, releaseUnfit: 0, documentGone: 0 };
  private readonly differences: Difference[] = [];
  private different = 0;
  private span: readonly [from: number, to: number] = [Infinity, -Infinity];

  constructor(private readonly options: ReplayOptions) {
    this.tally = options.against && new ChangeTally(options.against.rulebook);
  }

  take(recorded: Recorded): void {
    const { input, document } = recorded;
    if (input.visitor.kind === 'stored' && !document) return void this.leftOut.documentGone++;
    const rulebook = this.options.rulebookOf(input.rulebook);
    if (typeof rulebook === 'string') return void this.leftOut[rulebook]++;
    this.count(input);
    const visitor = recordedView(input, document);
    const before = decideAgain(input, visitor, rulebook);
    const text = JSON.stringify(before);
    if (digestOf(text) !== input.answer) this.differ(input, before);
    this.compare({ recorded, rulebook, visitor, before, text });
  }

  report(): ReplayReport {
    const [from, to] = this.span;
    const { against, changes } = { against: this.options.against, changes: this.tally?.changes() };
    return {
      ...(this.decisions > 0 && { from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
      decisions: this.decisions,
      releases: Object.fromEntries(this.releases),
      leftOut: this.leftOut,
      different: this.different,
      differences: this.differences,
      ...(against &&
        changes && {
          against: { folder: against.folder, digest: against.rulebook.digest, ...changes } satisfies Changes,
        }),
      seconds: (performance.now() - this.startedAt) / 1_000,
    };
  }

  private count({ decidedAt, rulebook: { version } }: RecordedInput): void {
    this.decisions++;
    this.releases.set(version, (this.releases.get(version) ?? 0) + 1);
    this.span = [Math.min(this.span[0], decidedAt), Math.max(this.span[1], decidedAt)];
  }

  private differ({ decisionId, decidedAt, rulebook }: RecordedInput, decisions: readonly PlacementDecision[]): void {
    this.different++;
    if (this.differences.length >= MAX_DIFFERENCES) return;
    this.differences.push({
      decisionId,
      decidedAt: new Date(decidedAt).toISOString(),
      release: rulebook.version,
      now: decisions.flatMap(shownIn),
    });
  }

  private compare({ recorded, rulebook, visitor, before, text }: Redecided): void {
    const { tally } = this;
    if (!tally) return;
    const person = personOf(visitor, recorded.input.visitorId);
    const isSame = rulebook.digest === tally.rulebook.digest;
    const after = isSame ? before : decideAgain(recorded.input, visitor, tally.rulebook);
    tally.take({ recorded, rulebook, person, before, after, isSame: isSame || JSON.stringify(after) === text });
  }
}

interface Redecided {
  readonly recorded: Recorded;
  readonly rulebook: Rulebook;
  readonly visitor: VisitorView | undefined;
  readonly before: readonly PlacementDecision[];
  /** The same as JSON. */
  readonly text: string;
}

/** The id that they are remembered under, which a broken document may not say. */
function personOf(visitor: VisitorView | undefined, asked: string): string {
  try {
    return visitor?.ids[0] ?? asked;
  } catch (error) {
    if (error instanceof CorruptDocument) return asked;
    throw error;
  }
}
