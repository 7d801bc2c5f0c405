/** What a request says of the channel of the events that it brings. */
export interface RequestChannel {
  /** The request's own word: of each event that does not say another itself. */
  readonly said?: string | undefined;
  /** Of those of which nothing tells. */
  readonly otherwise: 'web' | 'server';
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
