import type { Contacts } from '../../engine/visitor/contacts.js';
import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import { isFromBrowser } from '../../engine/visitor/message-source.js';
import type { Consent, VisitorView } from '../../engine/visitor/visitor.js';
import type { SeenAs } from '../memory/browser-made.js';
import { countersOf } from '../memory/counters.js';
import { NOTHING_LET_GO } from '../memory/browser-share.js';
import { wordsOfBrowsers } from '../memory/trait-words.js';
import type { StoredVisitor } from './stored-visitor.js';

/**
 * What of a person may be known to whoever has the key of a page and their id: what browsers said, or nothing. What the
 * person said about purposes holds for whoever asks, as a refusal must never be lost; so do the shares they were dealt.
 */
export function limitedView(visitor: StoredVisitor, seenAs: SeenAs): VisitorView {
  return new LimitedView(visitor, seenAs);
}

class LimitedView implements VisitorView {
  readonly visitorId: string;
  readonly bucketId: string;
  readonly ids: readonly string[];
  private log: InteractionLog | undefined;
  private readTraits: VisitorView['traits'] | undefined;
  private readCounters: VisitorView['counters'] | undefined;

  constructor(
    private readonly visitor: StoredVisitor,
    private readonly seenAs: SeenAs,
  ) {
    this.visitorId = visitor.visitorId;
    this.bucketId = visitor.bucketId;
    this.ids = [visitor.visitorId];
  }

  get traits(): VisitorView['traits'] {
    return (this.readTraits ??= this.seenAs === 'stranger' ? {} : traitsOfBrowsers(this.visitor));
  }

  get counters(): VisitorView['counters'] {
    return (this.readCounters ??= countersOf(
      this.seenAs === 'stranger' ? NOTHING : lifeByBrowsers(this.visitor, this.interactions()),
    ));
  }

  consents(purpose: string): Consent | undefined {
    return this.visitor.consents(purpose);
  }

  interactions(): InteractionLog {
    return (this.log ??= ofBrowsers(this.visitor, this.seenAs));
  }

  /** As with consents: limits hold for whoever asks. */
  contacts(): Contacts {
    return this.visitor.contacts();
  }
}

const NOTHING = { ...NOTHING_LET_GO, interactions: [] };

function ofBrowsers(visitor: StoredVisitor, seenAs: SeenAs): InteractionLog {
  if (seenAs === 'stranger') return InteractionLog.of([]);
  return InteractionLog.of([...visitor.interactions()].filter(({ messageId }) => isFromBrowser(messageId)));
}

function traitsOfBrowsers(visitor: StoredVisitor): VisitorView['traits'] {
  const words = Object.entries(wordsOfBrowsers(visitor.traitWords()));
  return Object.fromEntries(words.flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])));
}

/** What they did by the word of browsers, over a whole life. */
function lifeByBrowsers(visitor: StoredVisitor, log: InteractionLog): Parameters<typeof countersOf>[0] {
  return { ...(visitor.letGoByBrowsers() ?? NOTHING_LET_GO), interactions: [...log] };
}
