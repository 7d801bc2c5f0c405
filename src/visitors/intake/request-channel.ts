/** Tells whether a user id is the caller's own, by a proof that came with an event or with the request. */
export type ProveIdentity = (userId: string, proof?: unknown) => boolean;

/** What a request says of where the events that it brings come from. */
export interface RequestChannel {
  /** The request's own word: of each event that does not say another itself. */
  readonly said?: string | undefined;
  /** Of those of which nothing tells. */
  readonly otherwise: 'web' | 'server';
  /** Where whose ids these are has to be proven, as they come with the key of a page; absent where nobody asks. */
  readonly prove?: ProveIdentity | undefined;
}

/** Where nothing tells otherwise: a key that is no secret lies in pages, so what comes with it is from the web. */
export function channelForKey(isSecret: boolean): RequestChannel['otherwise'] {
  return isSecret ? 'server' : 'web';
}

/** Whether a request came with a key that lies in pages: whatever it says, anybody may have said. */
export function isOfBrowser({ otherwise }: Pick<RequestChannel, 'otherwise'>): boolean {
  return otherwise === 'web';
}

/** Of events that come from nowhere in particular. */
export const FROM_SERVER: RequestChannel = { otherwise: 'server' };
