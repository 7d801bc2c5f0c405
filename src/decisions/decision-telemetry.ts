import { metrics, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { DecisionAnswer } from './decision-answer.js';

/** One decision under way. */
export interface DecisionSpan {
  /** The visitor has been read, or given up on. */
  loaded(known: boolean): void;
  end(answer: DecisionAnswer): void;
}

type Counted = Pick<DecisionAnswer, 'served' | 'decisions' | 'elapsedMs'>;

interface Tally {
  count: number;
}

/** Spans and metrics of the decision path, made by hand: no names of people, no ids. */
export class DecisionTelemetry {
  private readonly tracer = trace.getTracer('usher');
  private readonly meter = metrics.getMeter('usher');
  private readonly duration = this.meter.createHistogram('usher_decision_duration', {
    unit: 'ms',
    description: 'Time from when a request came to its answer',
    advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250] },
  });
  /** By placement, then by reason: a key of both would be made, and hashed, for each. */
  private readonly decided = new Map<string, Map<string, Tally>>();
  private readonly unread = this.meter.createCounter('usher_visitors_unread', {
    description: 'Visitors that could not be read in time',
  });

  private readonly overBudget = this.meter.createCounter('usher_texts_over_budget', {
    description: 'Offers passed over because their texts were more work than a decision may take',
  });

  constructor() {
    // Counted here and told when asked: a counter with attributes hashes them each time, which costs more than a
    // placement.
    const decisions = this.meter.createObservableCounter('usher_decisions', { description: 'Placements decided' });
    decisions.addCallback((result) => {
      for (const [placement, byReason] of this.decided)
        for (const [reason, { count }] of byReason) result.observe(count, { placement, reason });
    });
  }

  start(placements: number, isInBatch: boolean): DecisionSpan {
    const span = this.tracer.startSpan('decide', { attributes: { 'usher.placements': placements } });
    return {
      loaded: (known) => span.addEvent('visitor loaded', { known }),
      end: (answer) => this.end(span, answer, isInBatch),
    };
  }

  countUnread(why: 'late' | 'failed'): void {
    this.unread.add(1, { why });
  }

  countOverBudget(count: number): void {
    this.overBudget.add(count);
  }

  /** Counts a decision; also one that there is no span of. */
  count({ served, decisions, elapsedMs }: Counted, isInBatch = false): void {
    this.duration.record(elapsedMs, { served, ...(isInBatch && { batch: true }) });
    for (const { placement, reason } of decisions) this.countPlacement(placement, reason);
  }

  private countPlacement(placement: string, reason: string): void {
    let byReason = this.decided.get(placement);
    if (!byReason) this.decided.set(placement, (byReason = new Map<string, Tally>()));
    const tally = byReason.get(reason);
    if (tally) tally.count++;
    else byReason.set(reason, { count: 1 });
  }

  private end(span: Span, answer: DecisionAnswer, isInBatch: boolean): void {
    const { served, rulebook } = answer;
    span.setAttributes({ 'usher.served': served, 'usher.rulebook.version': rulebook.version });
    if (served === 'fallback') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    this.count(answer, isInBatch);
  }
}
