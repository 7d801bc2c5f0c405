import { CST, Lexer, Parser } from 'yaml';
import { MAX_DEPTH, SyntaxProblem } from './parsed-text.js';

/** So many names, values and marks one file may have; a rule of a hundred conditions has two thousand. */
const MOST_PARTS = 100_000;

/**
 * The parts of a YAML text, as `Parser.parse` of the package gives them. Throws {@link SyntaxProblem} where there are
 * too many, or too many inside each other, before they are put together: that takes stack and time for each.
 */
export function* boundedTokens(text: string): Generator<CST.Token, void> {
  const parser = new Parser();
  let parts = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      yield token;
      // One mistake is told; after it there may be as many as there are characters.
      if (token.type === 'error') return yield* parser.end();
    }
    if (isPart(lexeme) && ++parts > MOST_PARTS) throw new SyntaxProblem(parser.offset, TOO_MANY);
    if (isTooDeep(parser.stack)) throw new SyntaxProblem(parser.offset - lexeme.length, TOO_DEEP);
  }
  yield* parser.end();
}

const TOO_MANY = `too much for one rule file: more than ${MOST_PARTS} names, values and marks; split it`;
/** Of a text that is too deep. */
export const TOO_DEEP = `too deep: more than ${MAX_DEPTH} lists and objects inside each other`;

/** The first on the stack is the document; a scalar under way is the last. */
function isTooDeep(stack: readonly CST.Token[]): boolean {
  return stack.length > MAX_DEPTH + 1 && COLLECTIONS.has(stack.at(-1)?.type ?? '');
}

const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

function isPart(lexeme: string): boolean {
  return PARTS.has(CST.tokenType(lexeme) ?? '');
}

/** Of a plain text only the mark before it counts, which the lexer puts there. */
const PARTS: ReadonlySet<string> = new Set([
  ...['alias', 'anchor', 'tag', 'scalar', 'single-quoted-scalar', 'double-quoted-scalar', 'block-scalar-header'],
  ...['doc-start', 'doc-end', 'seq-item-ind', 'explicit-key-ind', 'map-value-ind', 'comma'],
  ...['flow-map-start', 'flow-map-end', 'flow-seq-start', 'flow-seq-end'],
]);
