import { Composer, isAlias, isMap, isScalar, isSeq, type Document, type Scalar, type YAMLError } from 'yaml';
import { heldNumber } from '../../doors/held-number.js';
import type { Json } from '../../engine/language/json.js';
import { lostDigits } from './lost-digits.js';
import { MAX_DEPTH, SyntaxProblem, type ParsedText } from './parsed-text.js';
import { PlacedNode } from './placed-node.js';
import type { SourceMember, SourceNode } from './source-node.js';
import { boundedTokens, TOO_DEEP } from './yaml-tokens.js';

/**
 * Reads YAML 1.2 as far as it says what JSON can say: no anchors and aliases, no tags, no second document; dates stay
 * texts. The place of every value is kept.
 */
export function readYaml(text: string): ParsedText {
  try {
    const document = parse(text);
    const problems = document.errors.map(toProblem);
    if (problems.length > 0) return { root: undefined, problems: problems.slice(0, 1) };
    if (document.contents === null) return { root: undefined, problems: [{ offset: 0, message: EMPTY }] };
    return { root: toNode(document.contents, 0, 1), problems: [] };
  } catch (problem) {
    if (problem instanceof RangeError) return { root: undefined, problems: [{ offset: 0, message: TOO_DEEP }] };
    if (!(problem instanceof SyntaxProblem)) throw problem;
    return { root: undefined, problems: [problem] };
  }
}

const EMPTY = 'the file is empty; write name: and the rest in it';
const MANY_DOCUMENTS = 'one file holds one definition; move what follows --- to its own file';

/**
 * As the package's own `parseDocument` does, but that each part of the text is counted before anything is made of it.
 * Names given twice are found by ourselves: the package compares each name of an object with all before it.
 */
function parse(text: string): Document.Parsed {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: false,
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(boundedTokens(text), true, text.length)) {
    if (first && first.errors.length === 0) throw new SyntaxProblem(document.range[0], MANY_DOCUMENTS);
    if (first) break;
    first = document;
  }
  if (!first) throw new SyntaxProblem(0, EMPTY);
  return first;
}

function toProblem({ code, message, pos }: YAMLError): SyntaxProblem {
  if (message.startsWith('Flow ')) return new SyntaxProblem(pos[0], 'a closing ] or } is missing before this');
  return new SyntaxProblem(pos[0], PLAIN_WORDS[code] ?? `this is not YAML: ${lowerFirst(message)}`);
}

const PLAIN_WORDS: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'the indentation does not fit the lines above; items that belong together begin in the same column',
  BAD_SCALAR_START: 'a text that begins with this character must stand between quotes',
  BAD_DQ_ESCAPE: 'this escape is not known between double quotes; use single quotes, or write \\\\ for a backslash',
  BLOCK_AS_IMPLICIT_KEY:
    "a second colon follows here: put the text between quotes, or begin the next line in the column of this one's name",
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after this name',
  NON_STRING_KEY: 'a name must be a text; put it between quotes',
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: 'indent with spaces; YAML does not allow tabs',
};

function lowerFirst(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}

function toNode(node: unknown, parentOffset: number, depth: number): SourceNode {
  const offset = offsetOf(node) ?? parentOffset;
  if (depth > MAX_DEPTH) throw new SyntaxProblem(offset, TOO_DEEP);
  if (isAlias(node)) throw new SyntaxProblem(offset, "aliases can't be used; write the value out");
  refuseMarks(node, offset);
  if (isMap(node)) return mapping(node.items, offset, depth);
  if (isSeq(node)) {
    const items = node.items.map((item) => toNode(item, offset, depth + 1));
    return new PlacedNode(
      offset,
      items.map((item) => item.value),
      items,
    );
  }
  return new PlacedNode(offset, isScalar(node) ? scalar(node, offset) : null);
}

function mapping(pairs: readonly { key: unknown; value: unknown }[], offset: number, depth: number): SourceNode {
  const members = new Map<string, SourceMember>();
  for (const pair of pairs) {
    const keyOffset = offsetOf(pair.key) ?? offset;
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    refuseMarks(pair.key, keyOffset);
    if (name === '__proto__') throw new SyntaxProblem(keyOffset, 'the name "__proto__" can\'t be used; choose another');
    if (name === '<<') throw new SyntaxProblem(keyOffset, "merge keys can't be used; write the values out");
    if (members.has(name)) throw new SyntaxProblem(keyOffset, 'this name is given twice; keep one of the two');
    members.set(name, { keyOffset, node: toNode(pair.value, keyOffset, depth + 1) });
  }
  return new PlacedNode(
    offset,
    Object.fromEntries([...members].map(([name, { node }]) => [name, node.value])),
    members,
  );
}

function refuseMarks(node: unknown, offset: number): void {
  if (typeof node !== 'object' || node === null) return;
  if ('anchor' in node && node.anchor)
    throw new SyntaxProblem(offset, "anchors can't be used; write the value where it is wanted");
  if ('tag' in node && node.tag)
    throw new SyntaxProblem(offset, "tags such as !!str can't be used; put texts between quotes");
}

function scalar({ value, source = '' }: Scalar, offset: number): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && (Number.isFinite(value) || DECIMAL.test(source))) {
    const held = DECIMAL.test(source) ? heldNumber(source) : Number.isSafeInteger(value) ? value : undefined;
    if (held === undefined) throw new SyntaxProblem(offset, lostDigits(source));
    return held;
  }
  throw new SyntaxProblem(offset, `${source} is not a number that JSON knows; put texts between quotes`);
}

/** Others are whole numbers in another notation, such as 0xff and 0o17. */
const DECIMAL = /^[-+]?[\d.]+(?:e[-+]?\d+)?$/i;

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return typeof node.range[0] === 'number' ? node.range[0] : undefined;
}
