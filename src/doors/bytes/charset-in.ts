/** The charset that a content type declares, such as `text/csv; charset="iso-8859-1"`; undefined where it does not. */
export function charsetIn(contentType = ''): string | undefined {
  if (!contentType.includes(';')) return undefined;
  return /;\s*charset\s*=\s*(?:"([^"]*)"|([^;\s]*))/i
    .exec(contentType)
    ?.slice(1)
    .find((label) => label !== undefined);
}
