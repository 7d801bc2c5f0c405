/** All that comes in parts. */
export async function allOf<T>(parts: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(...part);
  return all;
}

/** What comes as JSON in pieces; undefined where nothing comes. */
export async function parsed<T>(pieces: AsyncIterable<string> | undefined): Promise<T | undefined> {
  if (!pieces) return undefined;
  let text = '';
  for await (const piece of pieces) text += piece;
  return JSON.parse(text) as T;
}
