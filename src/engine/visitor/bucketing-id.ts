import type { VisitorView } from './visitor.js';

/**
 * The id by which a person falls into shares: the one that their memory is kept under, whichever they are asked for
 * by.
 */
export function bucketingId({ visitorId }: VisitorView): string {
  return visitorId;
}
