import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import { isFromBrowser } from '../../engine/visitor/message-source.js';
import type { VisitorView } from '../../engine/visitor/visitor.js';
import type { SeenAs } from '../memory/browser-made.js';
import { countersOf } from '../memory/memory.js';
import { NOTHING_LET_GO } from '../memory/browser-share.js';
import { wordsOfBrowsers } from '../memory/trait-words.js';
import type { StoredVisitor } from './stored-visitor.js';

/**
 * What of a person may be known to whoever has the key of a page and their id: what browsers said, or nothing. What the
 * person said about purposes holds for whoever asks, as a refusal must never be lost; so do the shares they were dealt.
 */
export function limitedView(visitor: StoredVisitor, seenAs: SeenAs): VisitorView {
  const { visitorId, bucketId, consents } = visitor;
  const same = { visitorId, bucketId, consents, ids: [visitorId] };
  const log = remembered(() => ofBrowsers(visitor, seenAs));
  const traits = remembered(() => (seenAs === 'stranger' ? {} : traitsOfBrowsers(visitor)));
  const counters = remembered(() => countersOf(seenAs === 'stranger' ? NOTHING : lifeByBrowsers(visitor, log())));
  return {
    ...same,
    get traits() {
      return traits();
    },
    get counters() {
      return counters();
    },
    interactions: log,
  };
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

/** Made when it is first asked for. */
function remembered<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
