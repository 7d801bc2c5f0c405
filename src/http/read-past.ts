import type { IncomingMessage } from 'node:http';

/**
 * Reads past what is left of a request that is answered, as the next one comes behind it on the same connection. Node
 * does so where nobody has begun to read; after a body that was refused half-way the connection would be stuck, and the
 * client's next request on it without an answer.
 */
export function readPast(request: IncomingMessage): void {
  if (request.readableEnded) return;
  // While somebody listens for data, no reader that lets go of the request later stops it again.
  request.on('data', () => undefined);
  // One who waits to read on would keep it from flowing; they hear of its end all the same.
  request.removeAllListeners('readable');
}
