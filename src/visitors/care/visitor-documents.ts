import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Stores } from '../../stores/open-stores.js';
import { type HeldOfPerson, PersonalRecords } from '../../stores/personal/personal-records.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';
import type { DocumentChange } from '../../stores/visitor-store.js';
import { isBeingParted } from '../documents/codec.js';
import { ifReadable } from '../documents/if-readable.js';
import type { Retention } from '../memory/memory.js';
import { RETENTION, VisitorsService } from '../visitors.service.js';
import { DanglingPointers } from './dangling-pointers.js';
import { sweptDocument } from './swept-document.js';

/** Each may be as large as a document was before there were limits. */
const ASIDES_AT_ONCE = 10;

/**
 * The documents of people, and those that were set aside as nobody could read them. Which ids are one person's stands
 * in their documents alone: so an export begins with the memory in them, an erasure with removing them, having noted
 * the ids until its end; and here is what else becomes of them.
 */
@Injectable()
export class VisitorDocuments extends PersonalRecords implements OnModuleInit {
  readonly places = {
    tables: ['visitors', 'set_aside', 'erasures'],
    keys: ['usher:{*}:visitor', 'usher:{*}:aside', 'usher:{erasures}'],
    // What a glance tells is in the memory too, with which it is exported.
    fields: ['VisitorDocuments.dangling', 'VisitorsService.writer.glances'],
  };
  private readonly dangling: DanglingPointers;

  constructor(
    @Inject(Stores) private readonly stores: Pick<Stores, 'visitors' | 'housekeeping'>,
    @Inject(RETENTION) private readonly retention: Retention,
    private readonly records: PersonalRecordsList,
    private readonly visitors: VisitorsService,
  ) {
    super();
    this.dangling = new DanglingPointers(stores.visitors);
  }

  onModuleInit(): void {
    this.records.register(this);
  }

  async *about(ids: readonly string[]): AsyncGenerator<Pick<HeldOfPerson, 'setAside'>> {
    for (let at = 0; at < ids.length; at += ASIDES_AT_ONCE) {
      const some = ids.slice(at, at + ASIDES_AT_ONCE);
      const documents = await this.stores.housekeeping.asides(some);
      yield { setAside: Object.fromEntries(some.flatMap((id, index) => entryOf(id, documents[index]))) };
    }
  }

  async erase(ids: readonly string[]): Promise<void> {
    this.dangling.forget(ids);
    this.visitors.forget(ids);
    await this.stores.housekeeping.eraseAsides(ids);
  }

  /**
   * A walk through everybody, whose documents no event trims: about a hundred in a step. Several processes may walk at
   * once: what one has trimmed the others leave as it is. What was set aside stays for somebody to look at.
   */
  async *forgetOld(now: () => number): AsyncGenerator<void> {
    this.visitors.forgetGlances();
    for (let from: string | undefined; ;) {
      const { ids, next } = await this.stores.housekeeping.ids(from);
      await this.sweep(ids, now());
      if (next === undefined) return;
      from = next;
      yield;
    }
  }

  private async sweep(ids: readonly string[], now: number): Promise<void> {
    const stored = await this.stores.visitors.load(ids);
    const changes: DocumentChange[] = [];
    for (const [index, id] of ids.entries()) {
      const one = stored[index];
      if (one && this.isBeingParted(one.document)) await this.visitors.finishParting(id);
      const document = one && this.swept(one.document, now);
      if (!document) continue;
      changes.push({ id, from: one.version, document });
      // Writing one anew takes about a millisecond, and decisions wait meanwhile.
      await nextTurn();
    }
    if (changes.length > 0) await this.stores.visitors.save(changes);
    await this.visitors.indexed.entries?.settle(ids, stored);
    await this.dangling.sweep(
      ids.map((id, index) => ({ id, stored: stored[index] })),
      now,
    );
  }

  private swept(document: Uint8Array, now: number): Uint8Array | undefined {
    return ifReadable(() => sweptDocument(document, now, this.retention));
  }

  private isBeingParted(document: Uint8Array): boolean {
    return ifReadable(() => isBeingParted(document)) === true;
  }
}

function entryOf(id: string, document: Uint8Array | undefined): [string, string][] {
  return document ? [[id, Buffer.from(document).toString('base64')]] : [];
}
