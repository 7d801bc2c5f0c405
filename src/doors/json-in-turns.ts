import { setImmediate as nextTurn } from 'node:timers/promises';
import { InvalidRequest, MalformedBody } from '../errors.js';
import { RepeatedName } from '../engine/language/repeated-name.js';
import { readExactly } from './exact-json.js';
import { findPoison, findRepeated, inside, REPEATED } from './find-in-json.js';
import { isSuspicious, poisoned, tooDeep, withoutEvents, type EventsIn } from './parse-json.js';
import { readName } from './read-name.js';
import type { ReadValue } from './read-with-repeats.js';
import { textsOf } from './write-with-repeats.js';

/** So much is read without a pause, in characters: some two milliseconds. */
const PIECE_LENGTH = 64 * 1024;
/**
 * Of what is larger than a piece: lists in lists of that size are nobody's data. What lies deeper is read at once, as
 * whoever takes it in refuses it at its place, and takes what stands beside it.
 */
const MOST_LEVELS = 16;
/** So long may what is read at once be: all that holds events, as their bodies have a limit. */
const MOST_AT_ONCE = 1024 * 1024;
/** An object of more is no data, but a trap: adding a name to so many costs more and more. */
const MOST_MEMBERS = 50_000;

/** From this length on, in characters, a text is worth the pauses. */
export const LONG_JSON = 4 * PIECE_LENGTH;

/**
 * Reads a long JSON text as `parseJson` does, with a turn of the event loop for each piece of it, so that others are
 * served meanwhile. Throws as that does, with the number of characters before the piece that is wrong; and
 * {@link InvalidRequest} for an object of more than 50,000 members, where there are no events in it, as soon as it is
 * reached.
 */
export async function jsonInTurns(
  text: string,
  what: 'body' | 'line',
  events?: EventsIn,
  pieceLength = PIECE_LENGTH,
): Promise<unknown> {
  const reader = new PieceReader(text, { what, events, pieceLength });
  try {
    for (const steps = reader.steps(); !steps.next().done;) await nextTurn();
  } catch (error) {
    throw error instanceof RangeError ? tooDeep(what) : error;
  }
  return reader.value;
}

/** A list or object that is read in pieces. */
interface Open {
  readonly value: unknown[] | Record<string, unknown>;
  readonly path: string;
  readonly name: string;
  readonly isJudged: boolean;
  /** Where the members begin that are not read yet. */
  from: number;
  members: number;
  /** A comma was passed: something has to come. */
  hasMore: boolean;
}

/**
 * Cuts what is larger than a piece between its members, goes into those members that are larger themselves, and has all
 * else parsed, some members at a time.
 */
class PieceReader {
  value: unknown;
  private readonly open: Open[] = [];
  private readonly mostMembers: number;

  constructor(
    private readonly text: string,
    private readonly how: {
      readonly what: 'body' | 'line';
      readonly events: EventsIn | undefined;
      readonly pieceLength: number;
    },
  ) {
    // Those are judged one by one, and a bad one is kept apart from the good ones.
    this.mostMembers = how.events === undefined ? MOST_MEMBERS : Infinity;
  }

  /** Reads a piece a step. */
  *steps(): Generator<undefined> {
    const start = this.skipBlank(0);
    const root = this.enter(start, { path: '', name: '', isJudged: this.how.events !== 'body' });
    this.value = root?.value ?? this.parse(this.text, 0).value;
    for (let top = this.open.at(-1); top; top = this.open.at(-1)) {
      this.readOn(top);
      yield;
    }
    const end = root?.from ?? this.text.length;
    if (this.skipBlank(end) < this.text.length) this.fail('something comes behind its end', end);
  }

  /** Reads members until a piece is full, one is larger than a piece, or the list or object is over. */
  private readOn(top: Open): void {
    const { text } = this;
    const { pieceLength } = this.how;
    let [depth, member] = [0, top.from];
    for (let at = top.from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) at = this.endOfText(at);
      else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
      else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
        if (depth-- === 0) return this.leave(top, at);
      } else if (code === COMMA && depth === 0) {
        if (at - top.from > pieceLength) return this.passComma(top, at);
        member = at + 1;
      }
      if (depth === 0 || at - member <= pieceLength) continue;
      if (this.open.length < MOST_LEVELS) return this.goInto(top, member);
      if (at - member > MOST_AT_ONCE) throw tooDeep(this.how.what);
    }
    this.fail('it ends too early', text.length);
  }

  private passComma(top: Open, comma: number): void {
    this.add(top, comma);
    top.from = comma + 1;
    top.hasMore = true;
  }

  /** A member is a list or object that is read in pieces itself. */
  private goInto(top: Open, member: number): void {
    if (member > top.from) this.passComma(top, member - 1);
    const isList = Array.isArray(top.value);
    const pattern = isList ? BLANK : NAME;
    pattern.lastIndex = member;
    const [lead = ''] = pattern.exec(this.text) ?? [];
    const name = isList ? String(top.members) : this.nameIn(lead, member);
    if (top.isJudged && !isList) this.judgeName(top, name);
    const isEvents = this.open.length === 1 && name === this.how.events && this.text[member + lead.length] === '[';
    const isJudged = top.isJudged && !isEvents;
    const inner = this.enter(member + lead.length, { path: inside(top.path, name), name, isJudged });
    if (!inner) return this.fail('a list or object is wanted', member);
  }

  private nameIn(lead: string, from: number): string {
    return readName(String(this.parse(lead.slice(0, lead.lastIndexOf(':')), from).value));
  }

  /** Undefined where no list and no object begins. */
  private enter(at: number, { path, name, isJudged }: Pick<Open, 'path' | 'name' | 'isJudged'>): Open | undefined {
    const code = this.text.charCodeAt(at);
    if (code !== OPEN_LIST && code !== OPEN_OBJECT) return undefined;
    const value = code === OPEN_LIST ? [] : {};
    const entered = { value, path, name, isJudged, from: at + 1, members: 0, hasMore: false };
    this.open.push(entered);
    return entered;
  }

  private leave(top: Open, end: number): void {
    const isList = this.text.charCodeAt(end) === CLOSE_LIST;
    if (isList !== Array.isArray(top.value)) this.fail('it is closed by the other kind of bracket', end);
    if (top.hasMore || this.skipBlank(top.from) < end) this.add(top, end);
    top.from = end + 1;
    this.open.pop();
    const parent = this.open.at(-1);
    if (!parent) return;
    this.put(parent, top.name, top.value);
    this.count(parent, 1);
    const next = this.skipBlank(end + 1);
    const code = this.text.charCodeAt(next);
    if (code !== COMMA && code !== CLOSE_LIST && code !== CLOSE_OBJECT) this.fail('a comma is missing', next);
    parent.hasMore = code === COMMA;
    parent.from = parent.hasMore ? next + 1 : next;
  }

  /** The members up to there. */
  private add(top: Open, end: number): void {
    const piece = this.text.slice(top.from, end);
    if (piece.trim() === '') this.fail('a value is missing', top.from);
    if (Array.isArray(top.value)) {
      const items = this.parse(`[${piece}]`, top.from);
      if (top.isJudged) this.judge(piece, items, (found) => shifted(found, top));
      for (const item of items.value as unknown[]) top.value.push(item);
      return this.count(top, (items.value as unknown[]).length);
    }
    const { value, repeats } = this.parse(`{${piece}}`, top.from);
    const shown = this.open.length === 1 ? withoutEvents(value, this.how.events) : value;
    if (top.isJudged) this.judge(piece, { value: shown, repeats }, (found) => inside(top.path, found));
    const members = Object.entries(value as object);
    for (const [name, member] of members) {
      if (top.isJudged) this.judgeName(top, name);
      this.put(top, name, member);
    }
    this.count(top, members.length);
  }

  /** Own members alone, as JSON has them. */
  private put({ value: into, path, isJudged }: Open, name: string, value: unknown): void {
    if (Array.isArray(into)) return void into.push(value);
    const isRepeated = Object.hasOwn(into, name);
    if (isRepeated && isJudged) throw new InvalidRequest([{ path: inside(path, name), message: REPEATED }]);
    const member = isRepeated ? new RepeatedName([...textsOf(into[name]), ...textsOf(value)]) : value;
    if (name !== '__proto__') into[name] = member;
    else Object.defineProperty(into, name, { value: member, writable: true, enumerable: true, configurable: true });
  }

  private judge(piece: string, { value, repeats }: ReadValue, pathOf: (found: string) => string): void {
    const repeated = repeats ? findRepeated(value) : undefined;
    if (repeated) throw new InvalidRequest([{ ...repeated, path: pathOf(repeated.path) }]);
    const found = isSuspicious(piece) ? findPoison(value) : undefined;
    if (found !== undefined) throw poisoned(this.how.what, pathOf(found));
  }

  /** What lies in a piece of its own is not seen from around it. */
  private judgeName({ path, name: of }: Open, name: string): void {
    if (name === '__proto__' || (of === 'constructor' && name === 'prototype'))
      throw poisoned(this.how.what, inside(path, name));
  }

  private count(top: Open, more: number): void {
    top.members += more;
    if (top.members > this.mostMembers && !Array.isArray(top.value))
      throw new InvalidRequest([{ path: top.path, message: `has more than the limit of ${MOST_MEMBERS} members` }]);
  }

  private parse(piece: string, from: number): ReadValue {
    try {
      return readExactly(piece, readName);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      return this.fail(error instanceof Error ? error.message.replace(PLACE, '') : String(error), from);
    }
  }

  private fail(why: string, from: number): never {
    throw new MalformedBody(`The ${this.how.what} is not JSON: ${why}, behind its first ${from} characters.`);
  }

  /** Where a text ends that begins there. */
  private endOfText(start: number): number {
    for (let at = this.text.indexOf('"', start + 1); at >= 0; at = this.text.indexOf('"', at + 1)) {
      let back = at - 1;
      while (this.text.charCodeAt(back) === BACKSLASH) back--;
      if ((at - back) % 2 === 1) return at;
    }
    return this.fail('a text has no end', start);
  }

  private skipBlank(from: number): number {
    let at = from;
    for (let code = this.text.charCodeAt(at); BLANKS.has(code); code = this.text.charCodeAt(at)) at++;
    return at;
  }
}

/** A place in a piece of a list as one in the list. */
function shifted(found: string, { path, members }: Open): string {
  return inside(
    path,
    found.replace(/^\d+/, (index) => String(Number(index) + members)),
  );
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const BLANK = /[ \t\n\r]*/y;
/** A name and its colon, and the blanks around them. */
const NAME = /[ \t\n\r]*"[^"\\]*(?:\\[^][^"\\]*)*"[ \t\n\r]*:[ \t\n\r]*/y;
/** What V8 says of the place is of the piece. */
const PLACE = / in JSON at position \d+.*$/;
