/**
 * What is let go of what browsers sent is remembered apart from what is let go of what servers sent: whoever sends much
 * with the key of a page makes nobody forget a server's messages.
 */
import { isFromBrowser } from '../../engine/visitor/message-source.js';
import type { Millis } from '../../engine/language/millis.js';
import { evict, mergeEvicted, type EvictedByEvent } from './evicted.js';
import { forget, forgottenAmong, mergeForgotten, NOTHING_FORGOTTEN, type Forgotten } from './forgotten.js';

/** What is remembered of what was let go. */
export interface LetGo {
  readonly evicted: EvictedByEvent;
  readonly forgotten: Forgotten;
}

/** The same of both: of servers, and of browsers where these sent any. */
export interface LetGoBySource extends LetGo {
  readonly browsers?: LetGo | undefined;
}

/** A message, by what it is remembered by. */
interface Message {
  readonly messageId: string;
  readonly arrival: number;
}

/** Nothing was let go yet. */
export const NOTHING_LET_GO: LetGo = { evicted: {}, forgotten: NOTHING_FORGOTTEN };

/** Remembers of each source that these interactions are let go by the memory `id`, and that these were applied. */
export function letGoOf(
  { evicted, forgotten, browsers }: LetGoBySource,
  id: string,
  {
    interactions = [],
    heard = [],
  }: {
    readonly interactions?: readonly (Message & { readonly event: string; readonly timestamp: Millis })[];
    readonly heard?: readonly Message[];
  },
): LetGoBySource {
  const of = (before: LetGo, isTheirs: (message: Message) => boolean): LetGo => {
    const gone = interactions.filter(isTheirs);
    return {
      evicted: gone.length > 0 ? evict(id, before.evicted, gone) : before.evicted,
      forgotten: forget(before.forgotten, [...heard.filter(isTheirs), ...gone]),
    };
  };
  const isBrowsers = ({ messageId }: Message) => isFromBrowser(messageId);
  const areAny = interactions.some(isBrowsers) || heard.some(isBrowsers);
  return {
    ...of({ evicted, forgotten }, (message) => !isBrowsers(message)),
    ...(areAny ? { browsers: of(browsers ?? NOTHING_LET_GO, isBrowsers) } : browsers && { browsers }),
  };
}

/** What either has let go. */
export function mergeLetGo(a: LetGoBySource, b: LetGoBySource): LetGoBySource {
  const both = (ours: LetGo, theirs: LetGo): LetGo => ({
    evicted: mergeEvicted(ours.evicted, theirs.evicted),
    forgotten: mergeForgotten(ours.forgotten, theirs.forgotten),
  });
  const browsers = a.browsers && b.browsers ? both(a.browsers, b.browsers) : (a.browsers ?? b.browsers);
  return { ...both(a, b), ...(browsers && { browsers }) };
}

/** Tells of a message id whether it was applied and then let go; `most` is of how many it will be asked. */
export function letGoAmong({ forgotten, browsers }: LetGoBySource, most: number): (messageId: string) => boolean {
  const ofServers = forgottenAmong(forgotten, most);
  const ofBrowsers = forgottenAmong(browsers?.forgotten ?? NOTHING_FORGOTTEN, most);
  return (messageId) => (isFromBrowser(messageId) ? ofBrowsers : ofServers)(messageId);
}

/**
 * Interactions in their order, parted into those that are retained and the others: of each source the latest `most`, so
 * that neither pushes out the other's, and nothing from before `since`.
 */
export function partRetained<T extends { readonly timestamp: Millis; readonly messageId: string }>(
  interactions: readonly T[],
  since: Millis,
  most: number,
): { readonly kept: readonly T[]; readonly gone: readonly T[] } {
  if (interactions.length <= most && (interactions[0]?.timestamp ?? Infinity) >= since)
    return { kept: interactions, gone: [] };
  const left = { browsers: most, servers: most };
  const isKept = interactions
    .toReversed()
    .map(
      ({ timestamp, messageId }) => timestamp >= since && left[isFromBrowser(messageId) ? 'browsers' : 'servers']-- > 0,
    )
    .reverse();
  return {
    kept: interactions.filter((_one, at) => isKept[at] === true),
    gone: interactions.filter((_one, at) => isKept[at] !== true),
  };
}

/** How many of these browsers sent. */
export function countOfBrowsers(interactions: readonly { readonly messageId: string }[]): number {
  return interactions.filter(({ messageId }) => isFromBrowser(messageId)).length;
}
