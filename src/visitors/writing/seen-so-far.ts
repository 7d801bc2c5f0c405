import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CorruptDocument } from '../../errors.js';
import { Stores } from '../../stores/open-stores.js';
import { memoryIn } from '../documents/codec.js';
import type { StoredVisitor } from '../documents/stored-visitor.js';

/** The names that visitors' memories have in them: what rules may ask for and find something. */
export interface SeenNames {
  /** How many visitors were looked at. */
  readonly visitors: number;
  /** False where there are more than that. */
  readonly complete: boolean;
  /** Every event that ever happened to one of them, with the properties of those that are retained. */
  readonly events: Readonly<Record<string, { readonly properties: readonly string[] }>>;
  readonly traits: readonly string[];
  /** By purpose, how many of them said what last. */
  readonly purposes: Readonly<Record<string, { readonly granted: number; readonly denied: number }>>;
}

/** So many visitors tell what is sent; the next ones hardly ever something else. */
export const MOST_VISITORS = 10_000;
/** Where events are named after things, such as products, there is no end of names. */
const MOST_NAMES = 50_000;

/**
 * Looks through visitors for what was seen of them so far. It keeps nothing, so that nothing has to be kept in step.
 */
@Injectable()
export class SeenSoFar {
  constructor(@Inject(Stores) private readonly stores: Pick<Stores, 'visitors' | 'housekeeping'>) {}

  /**
   * What was seen of the first 10,000 visitors or so that the store comes upon; decisions go on between one and the
   * next.
   */
  async look(): Promise<SeenNames> {
    const names = new Names();
    for (let from: string | undefined; ;) {
      const { ids, next } = await this.stores.housekeeping.ids(from);
      for (const stored of await this.stores.visitors.load(ids)) {
        if (stored) names.add(stored.document);
        await nextTurn();
      }
      if (next === undefined || names.isEnough) return names.toSeen(next === undefined);
      from = next;
    }
  }
}

class Names {
  private visitors = 0;
  private count = 0;
  private readonly events = new Map<string, Set<string>>();
  private readonly traits = new Set<string>();
  private readonly purposes = new Map<string, { granted: number; denied: number }>();

  get isEnough(): boolean {
    return this.visitors >= MOST_VISITORS || this.count >= MOST_NAMES;
  }

  /** A document that can't be read is for its next reader to set aside. */
  add(document: Uint8Array): void {
    try {
      const visitor = memoryIn(document);
      if (visitor) this.addVisitor(visitor);
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
    }
  }

  toSeen(complete: boolean): SeenNames {
    return {
      visitors: this.visitors,
      complete,
      events: Object.fromEntries(
        [...this.events].sort(byName).map(([event, properties]) => [event, { properties: [...properties].sort() }]),
      ),
      traits: [...this.traits].sort(),
      purposes: Object.fromEntries([...this.purposes].sort(byName)),
    };
  }

  private addVisitor(visitor: StoredVisitor): void {
    this.visitors++;
    for (const event of Object.keys(visitor.counters)) this.propertiesOf(event);
    const { columns } = visitor.interactions();
    for (const [number, event] of columns.eventNames.entries())
      this.addAll(this.propertiesOf(event), columns.event(number).properties().keys());
    this.addAll(this.traits, Object.keys(visitor.traits));
    for (const [purpose, { granted }] of Object.entries(visitor.allConsents)) this.addConsent(purpose, granted);
  }

  private propertiesOf(event: string): Set<string> {
    const known = this.events.get(event);
    if (known) return known;
    this.count++;
    const made = new Set<string>();
    this.events.set(event, made);
    return made;
  }

  private addAll(names: Set<string>, more: Iterable<string>): void {
    const before = names.size;
    for (const name of more) names.add(name);
    this.count += names.size - before;
  }

  private addConsent(purpose: string, granted: boolean): void {
    const counted = this.purposes.get(purpose) ?? { granted: 0, denied: 0 };
    counted[granted ? 'granted' : 'denied']++;
    this.purposes.set(purpose, counted);
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
