import { JsonScanner } from './json-scanner.js';
import { MAX_DEPTH, SyntaxProblem, type ParsedText } from './parsed-text.js';
import { PlacedNode } from './placed-node.js';
import { plainJson } from './plain-json.js';
import { PlainNode } from './plain-node.js';
import type { SourceMember, SourceNode } from './source-node.js';

/** Reads strict JSON (RFC 8259); every value has its place, and what is wrong is said in plain words. */
export function readJson(text: string): ParsedText {
  const value = plainJson(text);
  if (value === undefined) return readPlacedJson(text);
  return { root: new PlainNode(value, () => readPlacedJson(text).root), problems: [] };
}

/** The same at once with all places, which takes ten times as long. */
export function readPlacedJson(text: string): ParsedText {
  const reader = new JsonReader(text);
  try {
    return { root: reader.document(), problems: reader.problems };
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    return { root: undefined, problems: [...reader.problems, problem] };
  }
}

class JsonReader {
  readonly problems: SyntaxProblem[] = [];
  private readonly scanner: JsonScanner;

  constructor(text: string) {
    this.scanner = new JsonScanner(text);
  }

  document(): SourceNode {
    this.scanner.skipBlank();
    if (this.scanner.atEnd()) throw new SyntaxProblem(0, 'the file is empty; write an object { … } in it');
    const root = this.value(1);
    this.scanner.skipBlank();
    if (this.scanner.atEnd()) return root;
    throw new SyntaxProblem(
      this.scanner.offset,
      `nothing may follow the end of the file's ${kindOf(root)}; remove the rest${this.afterwards()}`,
    );
  }

  private afterwards(): string {
    const next = this.scanner.peek();
    if (next === ',') return ', or take away the closing bracket before this comma';
    return next === '}' || next === ']' ? `, this ${next} closes nothing` : '';
  }

  private value(depth: number): SourceNode {
    if (depth > MAX_DEPTH)
      throw new SyntaxProblem(
        this.scanner.offset,
        `too deep: more than ${MAX_DEPTH} lists and objects inside each other`,
      );
    const next = this.scanner.peek();
    if (next === '{') return this.object(depth);
    if (next === '[') return this.list(depth);
    const offset = this.scanner.offset;
    return new PlacedNode(offset, this.scanner.scalar());
  }

  private list(depth: number): SourceNode {
    const start = this.scanner.take();
    const items: SourceNode[] = [];
    while (this.another(start, items.length, ']')) items.push(this.value(depth + 1));
    const value = items.map((item) => item.value);
    return new PlacedNode(start, value, items);
  }

  private object(depth: number): SourceNode {
    const start = this.scanner.take();
    const members = new Map<string, SourceMember>();
    let count = 0;
    while (this.another(start, count++, '}')) {
      const keyOffset = this.scanner.offset;
      const name = this.scanner.name();
      this.colon(name);
      const node = this.value(depth + 1);
      if (name === '__proto__')
        this.problems.push(new SyntaxProblem(keyOffset, 'the name "__proto__" can\'t be used; choose another'));
      else if (members.has(name))
        this.problems.push(new SyntaxProblem(keyOffset, `"${name}" is given twice; keep one of the two`));
      else members.set(name, { keyOffset, node });
    }
    const value = Object.fromEntries([...members].map(([name, { node }]) => [name, node.value]));
    return new PlacedNode(start, value, members);
  }

  /** Moves to the next item or past the closing bracket. */
  private another(start: number, count: number, close: string): boolean {
    const { scanner } = this;
    const end = scanner.offset;
    scanner.skipBlank();
    this.notTheEnd(start, close);
    if (scanner.peek() === close) {
      scanner.take();
      return false;
    }
    this.notTheOtherBracket(close);
    if (count === 0) return this.first();
    if (scanner.peek() !== ',') throw new SyntaxProblem(end, 'a comma is missing here, before what follows');
    const comma = scanner.take();
    scanner.skipBlank();
    if (scanner.peek() === close)
      throw new SyntaxProblem(comma, `remove this comma: no ${close === '}' ? 'property' : 'item'} follows it`);
    if (scanner.peek() === ',') throw new SyntaxProblem(scanner.offset, 'remove this comma: there are two in a row');
    this.notTheEnd(start, close);
    return true;
  }

  private first(): boolean {
    if (this.scanner.peek() === ',')
      throw new SyntaxProblem(this.scanner.offset, 'remove this comma: nothing stands before it');
    return true;
  }

  private notTheEnd(start: number, close: string): void {
    if (!this.scanner.atEnd()) return;
    const open = close === '}' ? '{' : '[';
    throw new SyntaxProblem(start, `this ${open} is never closed; the file ends before its ${close}`);
  }

  private notTheOtherBracket(close: string): void {
    const next = this.scanner.peek();
    if (next !== '}' && next !== ']') return;
    throw new SyntaxProblem(this.scanner.offset, `a ${close} is wanted here, not a ${next}`);
  }

  private colon(name: string): void {
    const { scanner } = this;
    const end = scanner.offset;
    scanner.skipBlank();
    const next = scanner.peek();
    if (next === '=') throw new SyntaxProblem(scanner.offset, `write a colon after "${name}", not =`);
    if (next !== ':') throw new SyntaxProblem(end, `a colon is missing after "${name}"`);
    const after = scanner.take() + 1;
    scanner.skipBlank();
    if (scanner.atEnd() || ',}]'.includes(scanner.peek()))
      throw new SyntaxProblem(after, `the value of "${name}" is missing`);
  }
}

function kindOf(root: SourceNode): string {
  if (root.isObject) return 'object';
  return root.isList ? 'list' : 'value';
}
