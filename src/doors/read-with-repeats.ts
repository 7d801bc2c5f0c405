import { RepeatedName } from '../engine/language/repeated-name.js';
import { WrittenNumber } from '../engine/language/written-number.js';
import { heldNumber } from './held-number.js';

/** A value, and whether a name was given more than once in it. */
export interface ReadValue {
  readonly value: unknown;
  readonly repeats: boolean;
}

/** What a name is read as. */
export type ReadName = (name: string) => string;

/**
 * The value of a text that is JSON, in which each name that an object gives more than once holds a
 * {@link RepeatedName}; numbers that can't be held are {@link WrittenNumber}. In linear time and without recursion: the
 * text may be nested to any depth.
 */
export function readWithRepeats(json: string, nameOf: ReadName = (name) => name): ReadValue {
  return new Reader(json, nameOf).read();
}

/** What stands under a name, the first of it, and where all of it is written. */
interface Member {
  readonly value: unknown;
  readonly sources: Source[];
}

/** An object or a list that is being read. */
interface Open {
  readonly from: number;
  readonly list: unknown[] | undefined;
  /** Of an object alone. */
  readonly members: Map<string, Member>;
  name: string;
}

/** From where to where a value is written; it is cut out only where it is needed. */
type Source = readonly [from: number, to: number];

class Reader {
  private value: unknown;
  private repeats = false;
  private readonly open: Open[] = [];

  constructor(
    private readonly json: string,
    private readonly nameOf: ReadName,
  ) {}

  read(): ReadValue {
    for (let at = 0; at < this.json.length;) at = this.step(at);
    return { value: this.value, repeats: this.repeats };
  }

  /** Takes what begins here, and gives where it ends. */
  private step(at: number): number {
    const next = this.json.charAt(at);
    if (BETWEEN.includes(next)) return at + 1;
    if (next === '{' || next === '[') this.begin(at, next === '[');
    else if (next === '}' || next === ']') this.close(at + 1);
    else return next === '"' ? this.text(at) : this.scalar(at);
    return at + 1;
  }

  private begin(from: number, isList: boolean): void {
    this.open.push({
      from,
      list: isList ? [] : undefined,
      members: isList ? NONE : new Map<string, Member>(),
      name: '',
    });
  }

  private close(end: number): void {
    const closed = this.open.pop();
    if (closed) this.put(closed.list ?? this.object(closed), [closed.from, end]);
  }

  /** A name where a colon follows it, else a value. */
  private text(from: number): number {
    const end = endOfText(this.json, from);
    const text = JSON.parse(this.json.slice(from, end)) as string;
    COLON.lastIndex = end;
    const inner = this.open.at(-1);
    if (inner && COLON.test(this.json)) inner.name = this.nameOf(text);
    else this.put(text, [from, end]);
    return end;
  }

  private scalar(from: number): number {
    SCALAR.lastIndex = from;
    const [word = ''] = SCALAR.exec(this.json) ?? [];
    const end = from + word.length;
    this.put(/^[-\d]/.test(word) ? (heldNumber(word) ?? new WrittenNumber(word)) : JSON.parse(word), [from, end]);
    return end;
  }

  private put(value: unknown, source: Source): void {
    const inner = this.open.at(-1);
    if (!inner) this.value = value;
    else if (inner.list) inner.list.push(value);
    else {
      const before = inner.members.get(inner.name);
      if (before) before.sources.push(source);
      else inner.members.set(inner.name, { value, sources: [source] });
    }
  }

  private object({ members }: Open): object {
    const entries = [...members].map(([name, { value, sources }]): [string, unknown] => {
      if (sources.length === 1) return [name, value];
      this.repeats = true;
      return [name, new RepeatedName(sources.map(([from, to]) => this.json.slice(from, to)))];
    });
    // Not by setting them: `__proto__` is to be a member as any other, as JSON.parse has it.
    return Object.fromEntries(entries);
  }
}

/** A list has none, and may be one of a million in each other. */
const NONE = new Map<string, Member>();
const BETWEEN = ' \t\n\r,:';
const COLON = /[ \t\n\r]*:/y;
const SCALAR = /[^\s,\]}]+/y;

/** Behind the closing quote: the first that has an even number of backslashes before it. */
function endOfText(json: string, from: number): number {
  for (let quote = json.indexOf('"', from + 1); ; quote = json.indexOf('"', quote + 1)) {
    let before = quote;
    while (json.charAt(before - 1) === '\\') before--;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
}
