import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldOfPerson } from '../../stores/personal/personal-records.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';
import { idsOf } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { exportPieces } from './export-pieces.js';
import { tellMemory } from './visitor-export.js';
import { VisitorsService } from '../visitors.service.js';

/** Gathers everything held of a person: their memory, which says which ids are theirs, and what is listed of these. */
@Injectable()
export class VisitorExporter {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly records: PersonalRecordsList,
  ) {}

  /**
   * A `VisitorExport` as JSON, in pieces; undefined for somebody of whom nothing at all is held. Where a store fails
   * midway the pieces end by throwing: whoever hands them on must not have them look whole.
   */
  async export(id: string): Promise<AsyncGenerator<string> | undefined> {
    const found = await this.visitors.find(id);
    await nextTurn();
    const memory = found ?? emptyMemory(id);
    const parts = told(this.records.about(idsOf(memory.id, memory.userIds, memory.anonymousIds)));
    const first = await parts.next();
    if (!found && first.done) return undefined;
    return exportPieces(tellMemory(memory, Date.now()), first.done ? parts : again(first.value, parts));
  }
}

/** Those parts that tell anything. */
async function* told(parts: AsyncGenerator<Partial<HeldOfPerson>>): AsyncGenerator<Partial<HeldOfPerson>> {
  for await (const part of parts) if (!isNothing(part)) yield part;
}

async function* again<T>(first: T, others: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first;
  yield* others;
}

function isNothing(part: Partial<HeldOfPerson>): boolean {
  return Object.values(part).every((member: object) => Object.keys(member).length === 0);
}
