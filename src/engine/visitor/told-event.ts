import type { Json } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import { tellInteraction, type ToldInteraction } from './interaction.js';
import type { InteractionLog } from './interaction-log.js';

/**
 * What happened under one event name until now, as templates tell it. Each part is read when it is asked for: most
 * texts ask for one property of the last, and a whole interaction costs as much as all the rest of a text.
 */
export class ToldEvent {
  private constructor(
    private readonly log: InteractionLog,
    private readonly event: number,
    private readonly from: number,
    private readonly until: number,
  ) {}

  /** Undefined where nothing of that name is retained. */
  static of(log: InteractionLog, name: string, now: Millis): ToldEvent | undefined {
    const event = log.eventNumber(name);
    if (event < 0) return undefined;
    const [from, until] = [log.begin(event, -Infinity), log.end(event, now)];
    return from < until ? new ToldEvent(log, event, from, until) : undefined;
  }

  get count(): number {
    return this.until - this.from;
  }

  get first(): ToldInteraction {
    return this.tell('first');
  }

  get last(): ToldInteraction {
    return this.tell('last');
  }

  /** A property of the first or the last; undefined where it has none of that name. */
  property(which: 'first' | 'last', name: string): Json | undefined {
    return this.log.value(this.placeOf(which), name);
  }

  private tell(which: 'first' | 'last'): ToldInteraction {
    return tellInteraction(this.log.interaction(this.placeOf(which)));
  }

  private placeOf(which: 'first' | 'last'): { readonly event: number; readonly position: number } {
    return { event: this.event, position: which === 'first' ? this.from : this.until - 1 };
  }
}
