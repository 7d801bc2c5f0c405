import { metrics, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { DecisionAnswer } from './decision-answer.js';

/** One decision under way. */
export interface DecisionSpan {
  /** The visitor has been read, or given up on. */
  loaded(known: boolean): void;
  end(answer: DecisionAnswer): void;
}

interface Tally {
  count: number;
  readonly placement: string;
  readonly reason: string;
}

/** Spans and metrics of the decision path, made by hand: no names of people, no ids. */
export class DecisionTelemetry {
  private readonly tracer = trace.getTracer('usher');
  private readonly meter = metrics.getMeter('usher');
  private readonly duration = this.meter.createHistogram('usher_decision_duration', {
    unit: 'ms',
    description: 'Time from a checked request to its answer',
    advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250] },
  });
  private readonly decided = new Map<string, Tally>();
  private readonly unread = this.meter.createCounter('usher_visitors_unread', {
    description: 'Visitors that could not be read in time',
  });

  private readonly guarded = this.meter.createCounter('usher_decisions_guarded', {
    description: 'Decisions for an id that clients send by mistake, decided as for a stranger',
  });

  private readonly overBudget = this.meter.createCounter('usher_texts_over_budget', {
    description: 'Offers passed over because their texts were more work than a decision may take',
  });

  constructor() {
    // Counted here and told when asked: a counter with attributes hashes them each time, which costs more than a
    // placement.
    const decisions = this.meter.createObservableCounter('usher_decisions', { description: 'Placements decided' });
    decisions.addCallback((result) => {
      for (const { count, placement, reason } of this.decided.values()) result.observe(count, { placement, reason });
    });
  }

  start(placements: number): DecisionSpan {
    const span = this.tracer.startSpan('decide', { attributes: { 'usher.placements': placements } });
    return {
      loaded: (known) => span.addEvent('visitor loaded', { known }),
      end: (answer) => this.end(span, answer),
    };
  }

  countUnread(why: 'late' | 'failed'): void {
    this.unread.add(1, { why });
  }

  countOverBudget(count: number): void {
    this.overBudget.add(count);
  }

  countGuarded(): void {
    this.guarded.add(1);
  }

  private count(placement: string, reason: string): void {
    const key = `${reason} ${placement}`;
    const tally = this.decided.get(key);
    if (tally) tally.count++;
    else this.decided.set(key, { count: 1, placement, reason });
  }

  private end(span: Span, { served, decisions, rulebook, elapsedMs }: DecisionAnswer): void {
    span.setAttributes({ 'usher.served': served, 'usher.rulebook.version': rulebook.version });
    if (served === 'fallback') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    this.duration.record(elapsedMs, { served });
    for (const { placement, reason } of decisions) this.count(placement, reason);
  }
}
