import { toColumns } from '../../engine/visitor/interaction-columns.js';
import type { Millis } from '../../engine/language/millis.js';
import type { VisitorView } from '../../engine/visitor/visitor.js';
import { viewOfContacts } from '../contacts/remembered-contacts.js';
import { countOfBrowsers } from '../memory/browser-share.js';
import { countersOf } from '../memory/counters.js';
import { traitsOf, type Memory, type Retention } from '../memory/memory.js';
import { bucketIdOf } from '../memory/origin.js';
import { retainedSince } from '../memory/since.js';
import { idsOf } from './codec.js';
import { seenLog } from './seen-log.js';

/** What a decision may know of a memory. */
export function viewOfMemory(memory: Memory, visitorId: string, now: Millis, retention: Retention): VisitorView {
  const log = seenLog(toColumns(memory.interactions), countOfBrowsers(memory.interactions), {
    since: retainedSince(now, retention),
    most: retention.keepInteractions,
  });
  const contacts = viewOfContacts(memory.contacts);
  return {
    visitorId,
    bucketId: bucketIdOf(memory),
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    traits: traitsOf(memory),
    counters: countersOf(memory),
    consents: (purpose) => (Object.hasOwn(memory.consents, purpose) ? memory.consents[purpose] : undefined),
    interactions: () => log,
    contacts: () => contacts,
  };
}
