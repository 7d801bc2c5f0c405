import { Injectable, Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { Recurring } from '../recurring.js';

/** What became of a call. `refused`: it was not as it should be; `failed`: a fault of ours, or of a store. */
export type CallOutcome = 'ok' | 'refused' | 'failed';

/** Of a tool that is none, the name is the caller's word. */
const UNKNOWN = 'unknown';

/** Keeps account of who called which tool: a line of the log for each call, and a count. Neither tells of anybody. */
@Injectable()
export class CallLog {
  private readonly logger = new Logger('Assistants');
  private readonly failures = new Recurring((line) => this.logger.error(line));
  private readonly calls = metrics
    .getMeter('usher')
    .createCounter('usher_assistant_calls', { description: 'Calls of tools by assistants' });

  /** `more` says what was changed, or by which code it was refused. */
  note(call: { readonly who: string; readonly tool?: string }, outcome: CallOutcome, more?: string): void {
    const { who, tool = UNKNOWN } = call;
    this.calls.add(1, { tool, outcome });
    this.logger.log(`${who} called ${tool}: ${outcome}${more === undefined ? '' : `, ${more}`}`);
  }

  /** What nobody foresaw, with where it happened. */
  fault(thrown: unknown): void {
    const [what, stack] = thrown instanceof Error ? [String(thrown), thrown.stack] : [String(thrown), undefined];
    this.failures.note(what, 'A tool of assistants failed by a mistake of ours.', stack ?? what);
  }
}
