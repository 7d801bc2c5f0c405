import { createHash } from 'node:crypto';
import type { OfrepEvaluation } from './evaluation.js';
import type { OfrepFailure } from './ofrep-problem.js';

/** 132 bits. */
const LENGTH = 22;

/**
 * The entity tag of a bulk: a digest of all that it answers but what differs each time and shows nowhere, which is ids
 * of decisions, tokens and scores. It is made from the answer, so that nothing that may change one has to be thought
 * of: a visitor's deeds, the time, limits, releases. Of the context it has what the answer shows of it.
 */
export function tagOf(flags: readonly (OfrepEvaluation | OfrepFailure)[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(flags.map(asShown)))
    .digest('base64url');
  return `"${digest.slice(0, LENGTH)}"`;
}

/**
 * Whether a header `If-None-Match` (RFC 9110, section 13.1.2) names a tag. `*` is never one: whoever has nothing yet
 * must get something.
 */
export function isNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === tag) ?? false;
}

function asShown(flag: OfrepEvaluation | OfrepFailure): unknown {
  if (!('metadata' in flag)) return flag;
  const { key, value, variant, reason, metadata } = flag;
  const shown = value && 'items' in value ? value.items.map(({ token: _token, ...item }) => item) : value;
  return [key, shown, variant, reason, metadata.release, metadata.reason, metadata.rule];
}
