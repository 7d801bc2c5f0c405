/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** JSON with the names of every object sorted, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, sortNames);
}

function sortNames(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How many characters a value has as JSON, but for escapes; where it is more than `most`, something above that. */
export function jsonLength(value: Json, most = Infinity): number {
  let length = 0;
  const left: Json[] = [value];
  for (let one = left.pop(); one !== undefined && length <= most; one = left.pop()) {
    if (typeof one === 'string') length += one.length + 2;
    else if (typeof one !== 'object' || one === null) length += String(one).length;
    else if (Array.isArray(one)) {
      length += 1 + one.length;
      for (const item of one as readonly Json[]) left.push(item);
    } else {
      length += 1;
      for (const name of Object.keys(one)) {
        length += name.length + 4;
        left.push((one as JsonObject)[name] as Json);
      }
    }
  }
  return length;
}
