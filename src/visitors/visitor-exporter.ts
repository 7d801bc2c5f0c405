import { Inject, Injectable } from '@nestjs/common';
import { Stores } from '../stores/open-stores.js';
import { stateOf, type RecordedInput } from '../stores/recorded-inputs.js';
import { isAbout, pagesOf, type RejectedEvent } from '../stores/rejected-events.js';
import { idsOf } from './codec.js';
import { emptyMemory } from './memory.js';
import { tellExport, type VisitorExport } from './visitor-export.js';
import { VisitorsService } from './visitors.service.js';

/** The latest states that are told; one that acts all day has more than fit into an answer. */
const MAX_STATES = 500;

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
    const [decisions, recorded, rejected, setAside] = await Promise.all([log.about(ids), record.about(ids), this.rejectedAbout(ids), this.setAsideOf(ids)]);
    const isStranger = !found && decisions.length + recorded.length + rejected.length + Object.keys(setAside).length === 0;
    if (isStranger) return undefined;
    return tellExport(memory, { decisions, recorded, recordedStates: await this.statesOf(recorded), rejected, setAside }, Date.now());
  }

  private async rejectedAbout(ids: readonly string[]): Promise<RejectedEvent[]> {
    const found: RejectedEvent[] = [];
    for await (const page of pagesOf(this.stores.rejected)) found.push(...page.filter((event) => isAbout(event, ids)));
    return found;
  }

  private async statesOf(recorded: readonly RecordedInput[]): Promise<Record<string, string>> {
    const keys = [...new Set(recorded.flatMap((input) => stateOf(input) ?? []))].slice(-MAX_STATES);
    const states = await this.stores.recorded.states(keys);
    return Object.fromEntries(keys.flatMap((key) => entryOf(key, states.get(key))));
  }

  private async setAsideOf(ids: readonly string[]): Promise<Record<string, string>> {
    const documents = await this.stores.housekeeping.asides(ids);
    return Object.fromEntries(ids.flatMap((id, index) => entryOf(id, documents[index])));
  }
}

function entryOf(id: string, document: Uint8Array | undefined): [string, string][] {
  return document ? [[id, Buffer.from(document).toString('base64')]] : [];
}
