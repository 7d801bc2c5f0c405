const DOUBLED = /\/{2,}/g;
/** The addresses of pages, which browsers resolve others against, keep their slash. */
const OURS = /^\/(v1|health|metrics)(\/|$)/;

/**
 * The address that a request means: slashes that are doubled or stand at the end, as where a client's base address ends
 * in one, are as if they were not there. What comes after the path, and what is escaped in it, stays as it came.
 */
export function plainUrl(url: string): string {
  const end = url.search(/[?#]/);
  const [given, rest] = end < 0 ? [url, ''] : [url.slice(0, end), url.slice(end)];
  const path = given.replace(DOUBLED, '/');
  return (OURS.test(path) && path.endsWith('/') ? path.slice(0, -1) : path) + rest;
}
