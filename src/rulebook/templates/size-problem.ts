import { LONGEST_TEMPLATE } from './liquid.js';

/** Tags and outputs of all texts of a treatment: each takes a moment to read when it is first shown. */
export const MOST_PARTS = 1_000;
const MOST_CODE = 20_000;
const MOST_DEPTH = 30;

/** Why a template is too much to be read at all, found before it is; undefined where it is not. */
export function sizeProblem(text: string): string | undefined {
  if (text.length > LONGEST_TEMPLATE)
    return `the template has ${text.length} characters; ${LONGEST_TEMPLATE} are the most, split it`;
  if (countParts(text) > MOST_PARTS)
    return `the template has more than ${MOST_PARTS} tags and outputs; use a loop, or split it`;
  if (codeIn(text) > MOST_CODE)
    return `the tags and outputs of the template have more than ${MOST_CODE} characters; make them shorter`;
  return depthIn(text) > MOST_DEPTH
    ? `the template has more than ${MOST_DEPTH} tags such as if and for inside each other; make it flatter`
    : undefined;
}

/** How many tags and outputs a text has. */
export function countParts(text: string): number {
  let count = 0;
  for (let at = nextPart(text, 0); at >= 0; at = nextPart(text, at + 2)) count++;
  return count;
}

function nextPart(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1))
    if (text[at + 1] === '{' || text[at + 1] === '%') return at;
  return -1;
}

function codeIn(text: string): number {
  let length = 0;
  for (let at = nextPart(text, 0); at >= 0;) {
    const closing = text.indexOf(text[at + 1] === '{' ? '}}' : '%}', at);
    const end = closing < 0 ? text.length : closing;
    length += end - at;
    at = nextPart(text, end);
  }
  return length;
}

/** In `{% liquid %}` each line is a tag. */
function depthIn(text: string): number {
  const tag = /\{%-?\s*liquid\b/.test(text) ? TAG_OR_LINE : TAG;
  let [depth, most] = [0, 0];
  for (const [, end] of text.matchAll(tag)) {
    depth = end === undefined ? depth + 1 : Math.max(0, depth - 1);
    most = Math.max(most, depth);
  }
  return most;
}

const TAG = /\{%-?\s*(end)?(?:if|unless|case|for|tablerow|capture|comment)\b/g;
const TAG_OR_LINE = /(?:\{%-?|\n|liquid)\s*(end)?(?:if|unless|case|for|tablerow|capture|comment)\b/g;
