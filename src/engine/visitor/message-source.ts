/**
 * Whether a browser or a server sent a message: it is part of the id that the message is remembered by. So the same id
 * from both is two messages, and what is remembered of either tells who sent it.
 */

/** Stands before the id of what a browser sent. No id that comes in has a control character. */
const MARK = '\u0001';

/** What a message that a browser sent is remembered by. */
export function browserMessageId(messageId: string): string {
  return MARK + messageId;
}

/** Whether a browser sent the message that is remembered by this id. */
export function isFromBrowser(messageId: string): boolean {
  return messageId.startsWith(MARK);
}

/** The id as its sender knows it. */
export function plainMessageId(messageId: string): string {
  return isFromBrowser(messageId) ? messageId.slice(MARK.length) : messageId;
}
