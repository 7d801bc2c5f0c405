/** The path of a name that is given twice in an object of a JSON text, of which one value would be lost. */
export function repeatedName(json: string): string | undefined {
  const objects: { readonly names: Set<string>; at: string }[] = [];
  for (const [, text, colon, bracket] of json.matchAll(TOKENS)) {
    const object = objects.at(-1);
    if (bracket === '{' || bracket === '[') objects.push({ names: new Set(), at: '' });
    else if (bracket !== undefined) objects.pop();
    if (object === undefined || colon === undefined) continue;
    object.at = JSON.parse(text ?? '""') as string;
    if (object.names.has(object.at)) return objects.flatMap(({ at }) => (at === '' ? [] : [at])).join('.');
    object.names.add(object.at);
  }
  return undefined;
}

/** Texts, names among them, and brackets; between two of them there is nothing to look at. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(?:\s*(:))?|([{}[\]])/g;
