/** What is wrong with the examples of a document. */
import type { Files } from './tidy-checks.js';

const EVENT = /^\{\s*"type":\s*"(track|identify|page|screen|group|alias)"/;

/** The events that examples report without a `messageId`: whoever sends such an example twice has it twice. */
export function eventsWithoutId(documents: Files): string[] {
  return [...documents].flatMap(([path, text]) =>
    blocksIn(text)
      .flatMap(objectsIn)
      .filter((object) => EVENT.test(object) && !object.includes('"messageId"'))
      .map((object) => `${path}: give the event a "messageId", so that it counts once: ${object}`),
  );
}

/** The settings named that nothing reads. */
export function unknownSettings(texts: Files, known: ReadonlySet<string>): string[] {
  return [...texts].flatMap(([path, text]) =>
    [...new Set(text.match(/\bUSHER_[A-Z0-9_]*[A-Z0-9]\b/g))]
      .filter((name) => !known.has(name))
      .map((name) => `${path}: nothing reads ${name}`),
  );
}

function blocksIn(markdown: string): string[] {
  return [...markdown.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block);
}

/** Whatever stands between two braces that belong together; inner ones too. */
function objectsIn(text: string): string[] {
  const open: number[] = [];
  const found: string[] = [];
  for (const { 0: part, index } of text.matchAll(/"(?:\\.|[^"\\\n])*"|[{}]/g)) {
    if (part === '{') open.push(index);
    const start = part === '}' ? open.pop() : undefined;
    if (start !== undefined) found.push(text.slice(start, index + 1));
  }
  return found;
}
