import type { Json } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import { tellInteraction, type ToldInteraction } from './interaction.js';
import type { InteractionLog, Place } from './interaction-log.js';

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
    return tellInteraction(this.log.interaction(this.earliest));
  }

  get last(): ToldInteraction {
    return tellInteraction(this.log.interaction(this.latest));
  }

  /** A property of the first; undefined where it has none of that name. */
  ofFirst(property: string): Json | undefined {
    return this.log.value(this.earliest, property);
  }

  /** A property of the last; undefined where it has none of that name. */
  ofLast(property: string): Json | undefined {
    return this.log.value(this.latest, property);
  }

  private get earliest(): Place {
    return { event: this.event, position: this.from };
  }

  private get latest(): Place {
    return { event: this.event, position: this.until - 1 };
  }
}
