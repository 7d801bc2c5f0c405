import type { Answer } from './decision.js';
import { slotStyle } from './slot-style.js';

/** What must not stand in the text of a script, though JSON allows it: what ends it, begins a comment, or a line. */
const UNSAFE = /[<>&\u2028\u2029]/g;

/**
 * The answer of `POST /v1/decisions` as a script element for the page, from where the kit takes it without asking
 * again. Whatever texts the answer has, they can't leave the element. The page is then one person's: answer it with
 * `cache-control: private, no-store`. It is data, of which a Content-Security-Policy asks no nonce.
 */
export function renderDecisions(answer: Answer): string {
  const { decisionId, visitorId, decisions } = answer;
  const json = JSON.stringify({ decisionId, visitorId, decisions }).replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `<script type="application/json" data-usher-decisions>${json}</script>`;
}

/**
 * For the head of a page: hides slots until they are filled, from the first moment and for so long at most. `nonce` is
 * that of a Content-Security-Policy.
 */
export function renderSlotStyle(timeoutMs = 400, nonce?: string): string {
  const attribute = nonce === undefined ? '' : ` nonce="${nonce.replace(/[^\w+/=-]/g, '')}"`;
  return `<style${attribute}>${slotStyle(timeoutMs)}</style>`;
}
