import { metrics, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { DecisionAnswer } from './decisions.service.js';

/** One decision under way. */
export interface DecisionSpan {
  /** The visitor has been read, or given up on. */
  loaded(known: boolean): void;
  end(answer: DecisionAnswer): void;
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
  private readonly decisions = this.meter.createCounter('usher_decisions', { description: 'Placements decided' });
  private readonly unread = this.meter.createCounter('usher_visitors_unread', { description: 'Visitors that could not be read in time' });

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

  private end(span: Span, { served, decisions, rulebook, elapsedMs }: DecisionAnswer): void {
    span.setAttributes({ 'usher.served': served, 'usher.rulebook.version': rulebook.version });
    if (served === 'fallback') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    this.duration.record(elapsedMs, { served });
    for (const { placement, reason } of decisions) this.decisions.add(1, { placement, reason });
  }
}
