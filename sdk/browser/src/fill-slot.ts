import type { DecidedItem } from './decision.js';

/** What stands in a slot for an item. */
export type Filled = readonly [element: HTMLElement, item: DecidedItem];

/**
 * What an offer may set, and of which elements: texts, and addresses. Whoever writes offers, or has a name that a
 * template repeats, writes no markup, nothing that runs, and nowhere that frames or scripts come from.
 */
const FIELDS = ['text', 'alt', 'href', 'src'];
const ALLOWED = /^(text (?!script|style)|alt IMG|href A|src (IMG|SOURCE|VIDEO|AUDIO)$)/i;

/**
 * Puts items into a slot: each into a copy of its template (`data-usher-for` names its offer, one without is for all),
 * or the first into the elements that are there. Gives what stands for which item; nothing where none fits.
 */
export function fillSlot(slot: HTMLElement, items: readonly DecidedItem[]): readonly Filled[] {
  const templates = [...slot.querySelectorAll<HTMLTemplateElement>(':scope>template')];
  if (!templates[0]) return items[0] && put(slot, items[0]) ? [[slot, items[0]]] : [];
  const filled = items.flatMap((item): Filled[] => {
    const isFor = (offer?: string) => templates.find(({ dataset }) => dataset['usherFor'] === offer);
    const element = (isFor(item.offer) ?? isFor())?.content.firstElementChild?.cloneNode(true) as
      HTMLElement | undefined;
    if (element) put(element, item);
    return element ? [[element, item]] : [];
  });
  if (filled[0]) slot.replaceChildren(...templates, ...filled.map(([element]) => element));
  return filled;
}

/** Whether there is a field in it at all. What the item has nothing good for is hidden. */
function put(root: HTMLElement, item: DecidedItem): boolean {
  let has = false;
  for (const element of [root, ...root.querySelectorAll<HTMLElement>('*')])
    for (const name of FIELDS) {
      const path = element.getAttribute(`data-usher-${name}`);
      if (!path) continue;
      let value: unknown = { ...item, ...item.content };
      // Such as `title`, or `actions.0.url`.
      for (const step of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
      has = true;
      element.hidden = !ALLOWED.test(`${name} ${element.tagName}`) || !/^[sn]/.test(typeof value);
      if (element.hidden) continue;
      if (name === 'text') element.textContent = `${value as string}`;
      else element.setAttribute(name, `${value as string}`);
      if (name !== 'href' || /^(https?|mailto|tel):/.test((element as HTMLAnchorElement).protocol)) continue;
      element.removeAttribute(name);
      element.hidden = true;
    }
  return has;
}
