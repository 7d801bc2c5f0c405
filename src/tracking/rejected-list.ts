import { Injectable } from '@nestjs/common';
import { exactJson } from '../doors/exact-json.js';
import { readName } from '../doors/read-name.js';
import type { Json } from '../engine/language/json.js';
import { pagesOf, type RejectedEvent, RejectedEvents } from '../stores/rejected-events.js';
import { EventIntake } from './event-intake.js';

/** What became of events that were taken in again. */
export interface ReplayReceipt {
  readonly success: true;
  /** Stored, now or before, and no longer in the list. */
  readonly stored: number;
  /** Still refused; the first hundred of them, with the reasons of now. */
  readonly refusedCount: number;
  readonly refused: readonly Pick<RejectedEvent, 'id' | 'problems'>[];
  /** Of the ids asked for, those that are not in the list. */
  readonly missing: readonly string[];
}

const AT_ONCE = 100;
const MAX_REFUSED_TOLD = 100;

/** The refused events that were kept: looked at, and taken in again when what was wrong is mended. */
@Injectable()
export class RejectedList {
  constructor(
    private readonly store: RejectedEvents,
    private readonly intake: EventIntake,
  ) {}

  page(limit: number, before?: string): Promise<RejectedEvent[]> {
    return this.store.page(limit, before);
  }

  /** Forgets one; whether it was there. */
  async remove(id: string): Promise<boolean> {
    return (await this.store.remove([id])) > 0;
  }

  /**
   * Takes events in again as if they came when they first did: those of the ids, or all. What was refused for want of
   * trust, or of a proof where one is asked for, is only taken where it is named: nobody has looked at all of them.
   */
  async replay({ trusted, areProofsAsked }: Replayer, ids?: readonly string[]): Promise<ReplayReceipt> {
    const receipts: ReplayReceipt[] = [];
    for await (const { entries, missing } of ids ? this.those([...new Set(ids)]) : this.all()) {
      receipts.push({
        ...(await this.again(
          entries,
          ids === undefined ? { trusted: false, areProofsAsked } : { trusted, areProofsAsked: false },
        )),
        missing,
      });
    }
    return {
      success: true,
      stored: receipts.reduce((sum, { stored }) => sum + stored, 0),
      refusedCount: receipts.reduce((sum, { refusedCount }) => sum + refusedCount, 0),
      refused: receipts.flatMap(({ refused }) => refused).slice(0, MAX_REFUSED_TOLD),
      missing: receipts.flatMap(({ missing }) => missing),
    };
  }

  private async *those(ids: readonly string[]): AsyncGenerator<Found> {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const wanted = ids.slice(at, at + AT_ONCE);
      const entries = await this.store.find(wanted);
      const found = new Set(entries.map(({ id }) => id));
      yield { entries, missing: wanted.filter((id) => !found.has(id)) };
    }
  }

  private async *all(): AsyncGenerator<Found> {
    for await (const entries of pagesOf(this.store, AT_ONCE)) yield { entries, missing: [] };
  }

  private async again(
    entries: readonly RejectedEvent[],
    { trusted, areProofsAsked }: Replayer,
  ): Promise<Omit<ReplayReceipt, 'missing'>> {
    let stored = 0;
    const refused: RejectedEvent[] = [];
    for (const together of byReceipt(entries)) {
      const { receivedAt = 0, channel = 'server' } = together[0] ?? {};
      const taken = await this.intake.take(
        together.map(eventOf),
        { trusted, channel, door: 'replay', ...(areProofsAsked && { prove: () => false }) },
        receivedAt,
      );
      const problems = new Map(taken.refused.map((one) => [one.index, one.problems]));
      const done: string[] = [];
      for (const [index, entry] of together.entries()) {
        const why = entry.cut
          ? [{ path: '', message: 'was too large to be kept whole; send it again from where it came' }]
          : problems.get(index);
        if (why) refused.push({ ...entry, problems: why });
        else done.push(entry.id);
      }
      // At once: if the next ones fail, these are not to be stored again.
      await this.store.remove(done);
      stored += done.length;
    }
    if (refused.length > 0) await this.store.append(refused);
    return {
      success: true,
      stored,
      refusedCount: refused.length,
      refused: refused.map(({ id, problems }) => ({ id, problems })),
    };
  }
}

/** Who takes events in again. */
export interface Replayer {
  readonly trusted: boolean;
  /** Whether a browser has to prove whose its events are; proofs are not kept with the refused. */
  readonly areProofsAsked: boolean;
}

interface Found {
  readonly entries: readonly RejectedEvent[];
  readonly missing: readonly string[];
}

/** Those of one request came together and are taken in together: equal ones among them are still told apart. */
function byReceipt(entries: readonly RejectedEvent[]): Iterable<readonly RejectedEvent[]> {
  const oldestFirst = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
  return Map.groupBy(oldestFirst, ({ receivedAt, channel }) => `${receivedAt} ${channel ?? ''}`).values();
}

/** What was cut is no event any more, and refused as such. */
function eventOf({ text, cut }: RejectedEvent): Json {
  return cut ? null : (exactJson(text, readName) as Json);
}
