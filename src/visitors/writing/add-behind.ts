/**
 * The events of a round that only get more behind the document of their visitor. Where a look at that document is
 * remembered, it need not be read for that; the store tells whether it is still the same one.
 */
import { nextVersion } from '../../stores/next-version.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import {
  additionTo,
  glanceAt,
  homeIn,
  homesIn,
  isInteraction,
  isSound,
  type Keeping,
  type Known,
} from '../behind/append-events.js';
import type { ChangeAtHand, DocumentsAtHand } from './documents-at-hand.js';
import type { Glance } from '../behind/glance.js';
import type { Glances } from '../behind/glances.js';
import type { Granted } from '../contacts/fold-contacts.js';
import { NOT_GRANTED, type Outcome } from './remember.js';

/** What is asked of an event on its way into a memory. */
interface OnItsWay {
  readonly event: MemoryEvent;
  readonly stored: boolean;
  readonly unfinished: readonly string[];
}

/** With what it is judged what may be put behind a document. */
export interface AddingOptions extends Keeping {
  readonly now: () => number;
}

/** Events that get their place behind one document, or in it. */
interface Addition<Job> {
  readonly home: string;
  readonly jobs: readonly Job[];
  readonly glance: Glance;
  /** The version of the document that it was judged by. */
  readonly from: string;
  /** Whether the glance was kept before. */
  readonly isKept: boolean;
  readonly change: ChangeAtHand & { readonly to: string };
  /** What came of wishes for contacts, where the events are such. */
  readonly granted?: readonly Granted[] | undefined;
}

/** The documents of a round, and looks at those that were not read for it, by the id that they are kept under. */
export interface AtHand {
  readonly documents: DocumentsAtHand;
  readonly glances: Glances;
  /** The ids whose documents were not read, as there are glances. */
  readonly glanced: ReadonlyMap<string, Glance>;
}

/**
 * Puts all events that can be behind the document of their visitor there, where no other event of the round writes that
 * as a whole. What became of each; undefined where another process was quicker. All others are left out.
 */
export async function addBehind<Job extends OnItsWay>(
  jobs: readonly Job[],
  atHand: AtHand,
  options: AddingOptions,
): Promise<Map<Job, Outcome | undefined>> {
  const additions = await findAdditions(jobs, atHand, options);
  // Additions side by side are one command of the store.
  const sorted = additions.toSorted((a, b) => Number('document' in a.change) - Number('document' in b.change));
  const changes = sorted.filter(isChange);
  const saved = await atHand.documents.save(changes.map(({ change }) => change));
  const lost = new Set(changes.filter((_addition, at) => saved[at] !== true));
  const outcomes = new Map<Job, Outcome | undefined>();
  for (const addition of sorted) {
    const isSaved = !lost.has(addition);
    for (const [at, job] of addition.jobs.entries())
      outcomes.set(job, isSaved ? outcomeOf(addition.home, addition.granted?.[at]) : undefined);
    if (!isChange(addition)) continue;
    if (atHand.glanced.has(addition.home)) atHand.glances.turnedOut(isSaved);
    if (isSaved) learn(addition, atHand.glances);
    else atHand.glances.drop([addition.home]);
  }
  return outcomes;
}

/** Where all wishes were refused, or had come about before, there is nothing to write. */
function isChange({ change }: Pick<Addition<OnItsWay>, 'change'>): boolean {
  return !('append' in change) || change.append.length > 0;
}

/** What became of an event that was put behind the document of a visitor, or of a wish that was judged by it. */
export function outcomeOf(memoryId: string, granted?: Granted): Outcome {
  if (granted === 'refused') return { memoryId, duplicate: false, refused: NOT_GRANTED, notGranted: true };
  return { memoryId, duplicate: granted === 'known' };
}

/** Events that can be put behind a document, or written into it, that no other event of the round writes as a whole. */
async function findAdditions<Job extends OnItsWay>(
  jobs: readonly Job[],
  atHand: AtHand,
  options: AddingOptions,
): Promise<readonly Addition<Job>[]> {
  const { documents, glanced } = atHand;
  const groups = [...Map.groupBy(jobs, (job) => homeIn(job.event, documents, glanced))];
  const judged = groups.map(([home, ofHome]) => judge(home, ofHome, atHand, options));
  const wanting = groups.flatMap(([home], at) => (home !== undefined && judged[at] === 'document' ? [home] : []));
  await documents.load(wanting);
  const additions: Addition<Job>[] = [];
  const closer = new Set<string | undefined>();
  for (const [at, [home, ofHome]] of groups.entries()) {
    const first = judged[at];
    const addition = first === 'document' ? judge(home, ofHome, atHand, options) : first;
    if (addition && addition !== 'document') additions.push(addition);
    else for (const { event } of ofHome) for (const one of homesIn(event, documents, glanced)) closer.add(one);
  }
  return closer.size === 0 ? additions : additions.filter(({ home }) => !closer.has(home));
}

/** What is to be done with the events of one visitor; `document` where their document is needed to tell. */
function judge<Job extends OnItsWay>(
  home: string | undefined,
  jobs: readonly Job[],
  atHand: AtHand,
  options: AddingOptions,
): Addition<Job> | 'document' | undefined {
  if (home === undefined || jobs.some((job) => job.stored || job.unfinished.length > 0)) return undefined;
  const known = knownOf(home, atHand);
  if (!known) return undefined;
  const { glance, isKept } = known;
  const events = jobs.map(({ event }) => event);
  const addition = additionTo(known, events, options, options.now());
  if (addition === 'document' || !addition) return addition;
  const [from, to, behind] = [glance.version, nextVersion(), atHand.documents.get(home)];
  if ('document' in addition) return { home, jobs, glance, from, change: { id: home, to, ...addition }, isKept };
  const { append, granted } = addition;
  return { home, jobs, glance, from, change: { id: home, from, behind, to, append }, granted, isKept };
}

function knownOf(
  home: string,
  { documents, glances, glanced }: AtHand,
): (Known & Pick<Addition<OnItsWay>, 'isKept'>) | undefined {
  const stored = documents.get(home);
  const remembered = stored ? glances.get(home) : glanced.get(home);
  if (!stored) return remembered && { glance: remembered, document: undefined, isKept: true };
  if (remembered) glances.turnedOut(remembered.version === stored.version);
  const isKept = remembered?.version === stored.version && isSound(stored);
  const glance = isKept ? remembered : glanceAt(stored);
  return glance && { glance, document: stored.document, isKept };
}

/** What is known of a visitor after their document was changed. */
function learn({ home, jobs, glance, from, isKept, change, granted = [] }: Addition<OnItsWay>, glances: Glances): void {
  // Of what was learned meanwhile something is missing in it.
  if (glance.version !== from) return glances.drop([home]);
  const events = jobs.map(({ event }) => event).filter(isInteraction);
  if ('document' in change) {
    const next = glance.rewritten(change.document, events, change.to);
    if (next) glances.put(home, next);
    return;
  }
  glance.addBehind(events, change.append.length, change.to);
  glance.addContactsBehind(granted.filter((one) => one === 'granted').length, 0, change.to);
  if (!isKept) glances.put(home, glance);
}
