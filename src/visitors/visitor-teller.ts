import { Injectable } from '@nestjs/common';
import { DecisionLog } from '../stores/decision-log.js';
import { idsOf } from './documents/codec.js';
import { bucketIdOf } from './memory/origin.js';
import type { Memory } from './memory/memory.js';
import { tellDecisions } from './profile/told-decisions.js';
import { tellVisitor, type VisitorProfile } from './profile/visitor-profile.js';
import { SingleViewPolicies } from './single-view-policies.js';

/** Tells the single view of a person. */
@Injectable()
export class VisitorTeller {
  constructor(
    private readonly policies: SingleViewPolicies,
    private readonly log: DecisionLog,
  ) {}

  /** What is remembered of a person; `id` is the one that they were asked for by. */
  tell(memory: Memory, id: string): VisitorProfile {
    return tellVisitor(memory, id, Date.now(), this.policies.for(bucketIdOf(memory)));
  }

  /** The same with the latest of what was decided for them, at most so many. */
  async tellWithDecisions(memory: Memory, id: string, limit: number): Promise<VisitorProfile> {
    const ids = idsOf(memory.id, memory.userIds, memory.anonymousIds);
    const decisions = tellDecisions(await this.log.latestAbout(ids, limit), memory.contacts);
    return { ...this.tell(memory, id), ...(decisions.length > 0 && { decisions }) };
  }
}
