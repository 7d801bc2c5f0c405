import type { VisitorView } from './visitor.js';

/** The id by which a person falls into shares: the one they were first met by, whichever they are asked for by. */
export function bucketingId({ bucketId, visitorId }: VisitorView): string {
  return bucketId ?? visitorId;
}
