import { Injectable } from '@nestjs/common';
import type { HeldOfPerson } from '../../stores/personal/personal-records.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';
import { idsOf } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { tellExport, type VisitorExport } from './visitor-export.js';
import { VisitorsService } from '../visitors.service.js';

/** Gathers everything held of a person: their memory, which says which ids are theirs, and what is listed of these. */
@Injectable()
export class VisitorExporter {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly records: PersonalRecordsList,
  ) {}

  /** Undefined for somebody of whom nothing at all is held. */
  async export(id: string): Promise<VisitorExport | undefined> {
    const found = await this.visitors.find(id);
    const memory = found ?? emptyMemory(id);
    const held = await this.records.about(idsOf(memory.id, memory.userIds, memory.anonymousIds));
    return found || !isNothing(held) ? tellExport(memory, held, Date.now()) : undefined;
  }
}

function isNothing(held: HeldOfPerson): boolean {
  return Object.values(held).every((member: object) => Object.keys(member).length === 0);
}
