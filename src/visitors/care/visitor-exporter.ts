import { Inject, Injectable } from '@nestjs/common';
import { Stores } from '../../stores/open-stores.js';
import { stateOf, type RecordedInput } from '../../stores/recorded-inputs.js';
import { isAbout, pagesOf, type RejectedEvent } from '../../stores/rejected-events.js';
import { idsOf } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { tellExport, type VisitorExport } from './visitor-export.js';
import { VisitorsService } from '../visitors.service.js';

/** The latest states that are told, and their bytes; one that acts all day has more than fit into an answer. */
const MAX_STATES = 500;
const MAX_STATE_BYTES = 64 * 1024 * 1024;
const STATES_AT_ONCE = 20;

/** Gathers everything held of a person. */
@Injectable()
export class VisitorExporter {
  constructor(
    private readonly visitors: VisitorsService,
    @Inject(Stores) private readonly stores: Pick<Stores, 'decisions' | 'recorded' | 'rejected' | 'housekeeping'>,
  ) {}

  /** Undefined for somebody of whom nothing at all is held. */
  async export(id: string): Promise<VisitorExport | undefined> {
    const found = await this.visitors.find(id);
    const memory = found ?? emptyMemory(id);
    const ids = idsOf(memory.id, memory.userIds, memory.anonymousIds);
    const { decisions: log, recorded: record } = this.stores;
    const [decisions, recorded, rejected, setAside] = await Promise.all([
      log.about(ids),
      record.about(ids),
      this.rejectedAbout(ids),
      this.setAsideOf(ids),
    ]);
    const isStranger =
      !found && decisions.length + recorded.length + rejected.length + Object.keys(setAside).length === 0;
    if (isStranger) return undefined;
    return tellExport(
      memory,
      { decisions, recorded, recordedStates: await this.statesOf(recorded), rejected, setAside },
      Date.now(),
    );
  }

  private async rejectedAbout(ids: readonly string[]): Promise<RejectedEvent[]> {
    const found: RejectedEvent[] = [];
    for await (const page of pagesOf(this.stores.rejected)) found.push(...page.filter((event) => isAbout(event, ids)));
    return found;
  }

  /** The latest as far as they fit, oldest first. */
  private async statesOf(recorded: readonly RecordedInput[]): Promise<Record<string, string>> {
    const keys = [...new Set(recorded.flatMap((input) => stateOf(input) ?? []))].slice(-MAX_STATES).reverse();
    const told: [string, string][] = [];
    for (let [at, left] = [0, MAX_STATE_BYTES]; at < keys.length && left > 0; at += STATES_AT_ONCE) {
      const some = keys.slice(at, at + STATES_AT_ONCE);
      const states = await this.stores.recorded.states(some);
      for (const key of some) {
        left -= states.get(key)?.length ?? 0;
        if (left > 0) told.push(...entryOf(key, states.get(key)));
      }
    }
    return Object.fromEntries(told.reverse());
  }

  private async setAsideOf(ids: readonly string[]): Promise<Record<string, string>> {
    const documents = await this.stores.housekeeping.asides(ids);
    return Object.fromEntries(ids.flatMap((id, index) => entryOf(id, documents[index])));
  }
}

function entryOf(id: string, document: Uint8Array | undefined): [string, string][] {
  return document ? [[id, Buffer.from(document).toString('base64')]] : [];
}
