/** How ids become keys of Redis, and keys ids again. */

/** What stands in braces chooses the hash slot, up to the first `}`: so the id must not hold one. */
export function visitorKey(id: string): string {
  return `${slotOf(id)}:visitor`;
}

/** Where a document lies that was set aside; the latest one of an id. */
export function asideKey(id: string): string {
  return `${slotOf(id)}:aside`;
}

/** Where the keys lie that an id is found by. */
export function foundKey(id: string): string {
  return `${slotOf(id)}:found`;
}

/** The keys of all of those, for `SCAN`. */
export const ALL_FOUND_KEYS = 'usher:{*}:found';

/** The id whose {@link foundKey} this is. */
export function idOfFoundKey(key: string): string {
  return idIn(key, ':found');
}

/** The keys of all visitors, for `SCAN`. */
export const ALL_VISITOR_KEYS = 'usher:{*}:visitor';

/** The id whose {@link visitorKey} this is. */
export function idOfVisitorKey(key: string): string {
  return idIn(key, ':visitor');
}

function idIn(key: string, end: string): string {
  return key
    .slice('usher:{'.length, -'}'.length - end.length)
    .replace(/%7D|%25/g, (one) => (one === '%7D' ? '}' : '%'));
}

function slotOf(id: string): string {
  return `usher:{${id.replace(/[%}]/g, (char) => (char === '}' ? '%7D' : '%25'))}}`;
}
