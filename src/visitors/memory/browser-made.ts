/** Which ids and people a page may lay a hand on: what its browser could have made itself. */
import { isFromBrowser } from '../../engine/visitor/message-source.js';
import type { Memory } from './memory.js';
import { isBrowsersWord } from './trait-words.js';

/**
 * How little of a person is known to somebody who may not know all: what browsers said of them, or nothing, as of a
 * stranger.
 */
export type SeenAs = 'browser' | 'stranger';

/**
 * A UUID of random digits (RFC 9562, versions 4 and 7): what the clients of Segment and RudderStack, and
 * `crypto.randomUUID()`, call a browser. Nobody can guess one, as they can a customer number.
 */
const RANDOM_UUID = /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** Whether an id is one that a browser makes for itself, so that who says it most likely is that browser. */
export function isBrowserMadeId(id: string): boolean {
  return RANDOM_UUID.test(id);
}

/** Whether all that is remembered was said by browsers: nothing by a server, an import or an earlier version. */
export function isSaidByBrowsersAlone({ interactions, traits, consents, evicted, forgotten }: Memory): boolean {
  return (
    interactions.every(({ messageId }) => isFromBrowser(messageId)) &&
    Object.values(traits).every(isBrowsersWord) &&
    forgotten.hashes.length === 0 &&
    [consents, evicted].every((record) => Object.keys(record).length === 0)
  );
}
