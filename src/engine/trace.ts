import type { Scored } from './arbitrate.js';
import type { Candidate } from './match-rules.js';
import type { PlacedRun } from './decision-run.js';
import type { GateListener } from './policy.js';
import type { LimitStop } from './limits/limit-stop.js';
import type { Offer } from './rulebook.js';
import type { Slate } from './slate.js';
import type { PlacementDecision } from './answer.js';
import type { Gate } from './gates.js';

/** What happened on the way to one placement's decision. It is kept only where somebody asks why. */
export class Trace implements GateListener {
  /** By rule: the gate that stopped its candidate. */
  readonly gates = new Map<string, Gate>();
  /** By offer: the limit that what the call had taken already has used up. */
  readonly limits = new Map<string, LimitStop>();
  candidates: readonly Candidate[] = [];
  /** Those that no gate stopped, the best first. */
  ordered: readonly Scored[] = [];
  /** What stopped the fallback, where it was wanted. */
  fallbackGate: Gate | undefined;

  /** `before` is what the placements before it took, and `count` how many offers are wanted. */
  constructor(
    readonly before: Slate,
    readonly count: number,
  ) {}

  stopped({ rule }: Candidate, gate: Gate): void {
    this.gates.set(rule.id, gate);
  }

  limited({ id }: Offer, stop: LimitStop): void {
    this.limits.set(id, stop);
  }
}

/** Hears how each placement was decided while the run is still in it. */
export type Listener = (trace: Trace, decision: PlacementDecision, run: PlacedRun) => void;
