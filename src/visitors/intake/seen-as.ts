import { isBrowserMadeId, type SeenAs } from '../memory/browser-made.js';
import { isOfBrowser, type RequestChannel } from './request-channel.js';

/**
 * As what a person is seen by whoever asks for them by an id; undefined where all may be seen. The key of a page is
 * enough, without a proof of who it is, for somebody who is not known, by an id that nobody can guess: most likely
 * their own browser asks. Whether a guessable id is anybody's makes no difference, so that nobody finds out by
 * asking.
 */
export function seenAs(
  asked: string,
  userIds: readonly string[],
  asker: Pick<RequestChannel, 'otherwise' | 'prove'>,
): SeenAs | undefined {
  if (!isOfBrowser(asker) || (userIds.length === 0 && isBrowserMadeId(asked))) return undefined;
  if (!asker.prove) return 'browser';
  return [asked, ...userIds.slice(0, MOST_TRIED)].some((id) => asker.prove?.(id)) ? undefined : 'stranger';
}

/** Who has more user ids than that is asked for by the proven one. */
const MOST_TRIED = 20;
