import type { Asking } from './asking.js';
import { fillSlot, type Filled } from './fill-slot.js';
import { safely } from './safely.js';
import { ANIMATION, DONE } from './slot-style.js';

/** The slots of a page: elements with `data-usher`, which names their placement. */
export type Slots = readonly [
  /** Fills those that are new. */
  fill: () => void,
  /** Puts all back as they were, to be filled anew. */
  reset: () => void,
];

/** A slot that some kit looks after, as it was before: two of them never fill the same. */
type Slot = HTMLElement & { usherWas?: HTMLElement | undefined };

/** Tells `watch` what stands where, once it does. */
export function openSlots(root: ParentNode, [ask, knows]: Asking, watch: (...filled: Filled) => void): Slots {
  const forAll = (work: (slot: Slot) => void): void => root.querySelectorAll<Slot>('[data-usher]').forEach(work);
  const fillOne = (slot: Slot): void => {
    const { usher: placement = '', usherCount: count = 0 } = slot.dataset;
    // While the page is read only what is known is shown, in slots that are whole, as something follows them.
    if (slot.usherWas || (document.readyState === 'loading' && !(slot.nextSibling && knows(placement)))) return;
    const was = (slot.usherWas = slot.cloneNode(true) as HTMLElement);
    void ask(placement, +count).then((items) => {
      if (slot.usherWas !== was) return;
      const { animationName, visibility } = getComputedStyle(slot);
      // What was hidden and came back stays as people see it.
      const isLate = animationName === ANIMATION && visibility !== 'hidden';
      const filled = (!isLate && safely(fillSlot)(slot, items)) || [];
      slot.setAttribute(DONE, filled[0] ? 'shown' : '');
      filled.forEach((one) => watch(...one));
    });
  };
  return [
    () => forAll(fillOne),
    () =>
      forAll((slot) => {
        const was = slot.usherWas;
        if (!was) return;
        slot.usherWas = undefined;
        slot.replaceChildren(...was.childNodes);
        slot.hidden = false;
        slot.removeAttribute(DONE);
        for (const { name, value } of was.attributes) slot.setAttribute(name, value);
      }),
  ];
}
