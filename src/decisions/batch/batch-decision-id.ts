import { hash } from 'node:crypto';
import type { DecisionAsk } from '../decision-request.js';

/**
 * The id of a batch's decision on a line: the same line of the same batch has the same, in every run. A UUID of version
 * 8 (RFC 9562, section 5.8), made of SHA-256.
 */
export function batchDecisionId(batchId: string, { visitorId, channel, placements }: DecisionAsk): string {
  const hex = hash('sha256', JSON.stringify([batchId, visitorId, channel ?? null, placements]), 'hex');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
