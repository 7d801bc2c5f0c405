import type { Answer } from './decision.js';
import { safely } from './safely.js';

/** When somebody looks at the page: now, but where a browser renders it in advance. */
export function whenLookedAt(): Promise<unknown> {
  return new Promise((looked) => {
    if ((document as { prerendering?: boolean }).prerendering) document.addEventListener('prerenderingchange', looked);
    else looked(0);
  });
}

const IN_PAGE = 'data-usher-decisions';

/** Hears of what servers put into the page, and of new slots. */
export function followPage(root: Node, learn: (answer: Answer) => void, fill: () => void): void {
  const look = safely(() => {
    for (const script of document.querySelectorAll(`[${IN_PAGE}]`))
      safely(() => {
        // What is not whole yet is no JSON, and read again.
        learn(JSON.parse(script.textContent ?? '') as Answer);
        script.removeAttribute(IN_PAGE);
      })();
    fill();
  });
  document.addEventListener('DOMContentLoaded', look);
  new MutationObserver(look).observe(root, { childList: true, subtree: true });
  look();
}

/** Which page this is; a place in it is no other page. */
export function address(): string {
  return location.href.replace(/#.*/, '');
}
