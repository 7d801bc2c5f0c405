import { Inject, Injectable } from '@nestjs/common';
import type { GuardedIds } from '../../doors/guarded-ids.js';
import type { Problem } from '../../errors.js';
import { retryLostRaces, type Attempt } from '../../stores/retry-lost-races.js';
import { VisitorStore } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import { viewOfContacts } from '../contacts/remembered-contacts.js';
import { historyEvents, type History, type ImportClock } from '../memory/history.js';
import { USUAL_LIMITS, type VisitorLimits } from '../memory/limits.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { countersOf } from '../memory/counters.js';
import { apartOf, emptyMemory, type Memory, merge, type Retention, withSides } from '../memory/memory.js';
import { findPersonDocuments } from '../writing/person-documents.js';
import { LIMITS, RETENTION, VisitorsService } from '../visitors.service.js';

/** So many are made and wait at once: a round of the writer's is made of fewer, and events that come in find room. */
const EVENTS_AT_ONCE = 1_000;

/** Stores histories. One that is stored again changes nothing. */
@Injectable()
export class HistoryImporter {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly store: VisitorStore,
    @Inject(RETENTION) private readonly retention: Retention,
    @Inject(LIMITS) private readonly limits: VisitorLimits = USUAL_LIMITS,
  ) {}

  /** Ids that are nobody's. */
  get guarded(): GuardedIds {
    return this.visitors.guarded;
  }

  /** How many lines had one of those. */
  metGuarded(count: number): void {
    this.visitors.guardedMet.add('import', count);
  }

  /** Resolves when all are stored: with what of each was left out, as the person would have become too large. */
  async import(histories: readonly History[]): Promise<Problem[][]> {
    const now = Date.now();
    // Before the interactions, which may be let go at once and add to the counts.
    const leftOut = histories.map((): Problem[] => []);
    for (const [line, history] of histories.entries())
      if (history.released || history.origin || history.joins || history.parted || history.contacts)
        leftOut[line]?.push(...(await this.restore(history)));
    let some: Part[] = [];
    for (const part of partsOf(histories, { now, nextArrival: () => this.visitors.nextArrival(now) }))
      if (some.push(part) === EVENTS_AT_ONCE) {
        await this.record(some, leftOut);
        some = [];
      }
    await this.record(some, leftOut);
    return leftOut;
  }

  private async record(parts: readonly Part[], leftOut: readonly Problem[][]): Promise<void> {
    const outcomes = await this.visitors.record(parts.map(({ event }) => event));
    for (const [index, { event, line }] of parts.entries()) {
      const refused = outcomes[index]?.refused;
      if (refused) leftOut[line]?.push(asPart(event, refused));
    }
  }

  /** What of a memory no event can say; gives what of it is left out. */
  private async restore({ visitorId, released, contacts, ...known }: History): Promise<Problem[]> {
    const restore = async (): Promise<Attempt<Problem[]>> => {
      const { homes, documents } = await findPersonDocuments(this.store, [visitorId]);
      const [home = visitorId] = homes;
      const read = documents.get(home);
      // The save fails then, and the next attempt finds nobody there.
      if (read && !read.says) await this.visitors.setAsideIfCorrupt(home);
      const before = read?.says?.kind === 'memory' ? read.says.memory : emptyMemory(home);
      const now = Date.now();
      // Of which side it is no line says: it stays with who stays, when they are parted.
      const withNotes = (notes: Memory) =>
        withSides(merge(before, notes, now, this.retention), apartOf(before), now, this.retention);
      const { origin, joins, parted } = known;
      const notes = { ...emptyMemory(home), origin, joins, parted };
      const whole = withNotes({ ...notes, ...released, ...(contacts && { contacts }) });
      const over = releasedTooMuch(before, whole, this.limits);
      const offersOver = contactsTooMuch(before, whole, this.limits);
      const leftOut = [over, offersOver].filter((problem) => problem !== undefined);
      const kept = { ...(!over && released), ...(!offersOver && contacts && { contacts }) };
      const memory = leftOut.length > 0 ? withNotes({ ...notes, ...kept }) : whole;
      const [saved] = await this.store.save([
        { id: home, from: read?.stored.version, document: encode({ kind: 'memory', memory }) },
      ]);
      return saved ? { won: leftOut } : 'lost';
    };
    return retryLostRaces(restore, { because: 'Other processes keep writing to the same visitors.' });
  }
}

/** An event, and the line it is of. */
interface Part {
  readonly event: MemoryEvent;
  readonly line: number;
}

function* partsOf(histories: readonly History[], clock: ImportClock): Generator<Part> {
  for (const [line, history] of histories.entries())
    for (const event of historyEvents(history, clock)) yield { event, line };
}

/** Which part of a line is left out, and why. */
function asPart(event: MemoryEvent, { path, message }: Problem): Problem {
  switch (event.kind) {
    case 'interaction':
      return leftOutPart(`interactions.${path}`, `${message} (messageId ${event.messageId})`);
    case 'traits':
      return leftOutPart('traits', message);
    case 'consent':
      return leftOutPart('consents', message);
    case 'alias':
      return leftOutPart('ids', `${message} (${event.previousId})`);
    case 'grant':
      return leftOutPart('contacts', `${message} (${event.contact.offer})`);
  }
}

function leftOutPart(path: string, message: string): Problem {
  return { path, message: `${message}; it is left out` };
}

/** Names of events come with counts of what is no longer retained too. */
function releasedTooMuch(before: Memory, whole: Memory, { eventNames: most }: VisitorLimits): Problem | undefined {
  const [had, has] = [before, whole].map((memory) => Object.keys(countersOf(memory)).length);
  if (has === undefined || had === undefined || has <= Math.max(had, most)) return undefined;
  const message = `there would be ${has} names of events; the limit is ${most}; these counts are left out`;
  return { path: 'released.counts', message };
}

function contactsTooMuch(before: Memory, whole: Memory, { contactOffers: most }: VisitorLimits): Problem | undefined {
  const [had, has] = [before, whole].map(({ contacts }) => viewOfContacts(contacts).offers().length);
  if (has === undefined || had === undefined || has <= Math.max(had, most)) return undefined;
  const message = `there would be ${has} offers; the limit is ${most}; these contacts are left out`;
  return { path: 'contacts', message };
}
