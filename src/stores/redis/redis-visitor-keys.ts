/** How ids become keys of Redis, and keys ids again. */

/** What stands in braces chooses the hash slot, up to the first `}`: so the id must not hold one. */
export function visitorKey(id: string): string {
  return `${slotOf(id)}:visitor`;
}

/** Where a document lies that was set aside; the latest one of an id. */
export function asideKey(id: string): string {
  return `${slotOf(id)}:aside`;
}

/** The keys of all visitors, for `SCAN`. */
export const ALL_VISITOR_KEYS = 'usher:{*}:visitor';

/** The id whose {@link visitorKey} this is. */
export function idOfVisitorKey(key: string): string {
  return key.slice('usher:{'.length, -'}:visitor'.length).replace(/%7D|%25/g, (code) => (code === '%7D' ? '}' : '%'));
}

function slotOf(id: string): string {
  return `usher:{${id.replace(/[%}]/g, (char) => (char === '}' ? '%7D' : '%25'))}}`;
}
