import { nextVersion } from '../../stores/next-version.js';
import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { memoryOrUndefined } from '../behind/append-events.js';
import type { Glances } from '../behind/glances.js';
import { grantsBehind } from '../behind/grants-behind.js';
import type { GrantEvent } from '../memory/memory-event.js';
import type { VisitorLimits } from '../memory/limits.js';
import { outcomeOf } from './add-behind.js';
import type { CorruptDocuments } from './corrupt-documents.js';
import { DocumentsAtHand } from './documents-at-hand.js';
import type { Written } from './write-call.js';

/** A document as it was read before, and the id that it is kept under. */
export interface KnownDocument extends StoredDocument {
  readonly id: string;
}

/** What it is made with. */
export interface GrantingOptions {
  readonly store: VisitorStore;
  readonly corrupt: CorruptDocuments;
  readonly limits: VisitorLimits;
  readonly glances: Glances;
  readonly now: () => number;
}

/**
 * Puts wishes of one visitor behind the document that is known of them, where all of them fit what it tells of.
 * Undefined where one does not, or another wrote to it meanwhile: nothing is done then.
 */
export async function grantAtOnce(
  events: readonly GrantEvent[],
  { id, version, document }: KnownDocument,
  { store, corrupt, limits, glances, now }: GrantingOptions,
): Promise<Written | undefined> {
  const visitor = memoryOrUndefined(document);
  const behind = visitor && grantsBehind(visitor, events, limits, now());
  if (!behind || behind.granted.includes('refused')) return undefined;
  const documents = new DocumentsAtHand(store, corrupt);
  const stored = { version, document };
  documents.keep(id, stored);
  const { append, contacts, granted } = behind;
  if (append.length > 0) {
    const to = nextVersion();
    const [saved] = await documents.save([{ id, from: version, behind: stored, to, append }]);
    if (saved !== true) return undefined;
    const glance = glances.get(id);
    if (glance?.version === version) glance.addContactsBehind(contacts, append.length, to);
    else glances.drop([id]);
  }
  return { outcomes: granted.map((one) => outcomeOf(id, one)), documents };
}
