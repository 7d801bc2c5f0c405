import type { DecidedItem, Outcome, Rating } from './decision.js';
import { openViewing } from './open-viewing.js';
import { safely } from './safely.js';

/** What becomes of items. */
export type Reports = readonly [
  /** From now on views and clicks of an element are said of its item. */
  watch: (element: HTMLElement, item: DecidedItem) => void,
  report: (item: DecidedItem, outcome: Outcome, rating?: Rating) => void,
];

/** The most characters of an id. */
const LONGEST_ID = 256;

/**
 * What an element says of a click on it: by an attribute such as `data-usher-click`. Of a rating `yes` and `no` say
 * whether it was of help, a number from 1 to 5 how much.
 */
const DECLARED: Readonly<Record<string, Outcome>> = {
  dismiss: 'dismissed',
  accept: 'accepted',
  rate: 'rated',
  click: 'clicked',
  href: 'clicked',
};

/** An element that shows an item. */
type Shown = Element & { usherItem?: DecidedItem };

/** Says each outcome of an item under a message id of its own, so that it counts once however often it is said. */
export function openReports(root: EventTarget, say: (event: object) => void): Reports {
  const report = (item: DecidedItem, outcome: Outcome, rating?: Rating): void => {
    const { decisionId, visitorId, placement, offer, token } = item;
    const event = `Offer ${outcome.replace(/./, (first) => first.toUpperCase())}`;
    say({
      messageId: [event, JSON.stringify(rating), placement, offer, decisionId].join().slice(-LONGEST_ID),
      type: 'track',
      event,
      anonymousId: visitorId,
      properties: { ...rating, decisionId, placement, offer, token },
    });
  };
  const look = safely(openViewing)(({ usherItem }: Shown) => usherItem && report(usherItem, 'shown'));
  const click = safely(({ target, button }: Event & { readonly button?: number }) => {
    for (const name in DECLARED) {
      const declared = (target as Element).closest<HTMLElement>(`[data-usher-${name}]`);
      let shown: Shown | null | undefined = declared;
      while (shown && !shown.usherItem) shown = shown.parentElement;
      // The middle button opens a tab, the right one a menu.
      if (!shown || button === 2) continue;
      const rate = declared?.dataset['usherRate'];
      const rating = rate ? (+rate ? { rating: +rate } : { helpful: rate === 'yes' }) : undefined;
      if (name === 'dismiss') (shown as HTMLElement).hidden = true;
      return report(shown.usherItem as DecidedItem, DECLARED[name] as Outcome, rating);
    }
  });
  root.addEventListener('click', click, true);
  root.addEventListener('auxclick', click, true);
  return [
    (element, item) => {
      (element as Shown).usherItem = item;
      look?.(element);
    },
    report,
  ];
}
