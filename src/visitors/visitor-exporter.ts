import { Injectable } from '@nestjs/common';
import { DecisionLog } from '../stores/decision-log.js';
import { Housekeeping } from '../stores/housekeeping.js';
import { isAbout, pagesOf, type RejectedEvent, RejectedEvents } from '../stores/rejected-events.js';
import { idsOf } from './codec.js';
import { emptyMemory } from './memory.js';
import { tellExport, type VisitorExport } from './visitor-export.js';
import { VisitorsService } from './visitors.service.js';

/** Gathers everything held of a person. */
@Injectable()
export class VisitorExporter {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly decisions: DecisionLog,
    private readonly rejected: RejectedEvents,
    private readonly housekeeping: Housekeeping,
  ) {}

  /** Undefined for somebody of whom nothing at all is held. */
  async export(id: string): Promise<VisitorExport | undefined> {
    const found = await this.visitors.find(id);
    const memory = found ?? emptyMemory(id);
    const ids = idsOf(memory.id, memory.userIds, memory.anonymousIds);
    const [decisions, rejected, setAside] = await Promise.all([this.decisions.about(ids), this.rejectedAbout(ids), this.setAsideOf(ids)]);
    const isStranger = !found && decisions.length === 0 && rejected.length === 0 && Object.keys(setAside).length === 0;
    return isStranger ? undefined : tellExport(memory, { decisions, rejected, setAside }, Date.now());
  }

  private async rejectedAbout(ids: readonly string[]): Promise<RejectedEvent[]> {
    const found: RejectedEvent[] = [];
    for await (const page of pagesOf(this.rejected)) found.push(...page.filter((event) => isAbout(event, ids)));
    return found;
  }

  private async setAsideOf(ids: readonly string[]): Promise<Record<string, string>> {
    const documents = await this.housekeeping.asides(ids);
    return Object.fromEntries(ids.flatMap((id, index) => entryOf(id, documents[index])));
  }
}

function entryOf(id: string, document: Uint8Array | undefined): [string, string][] {
  return document ? [[id, Buffer.from(document).toString('base64')]] : [];
}
