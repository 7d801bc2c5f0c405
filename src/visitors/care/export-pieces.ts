import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldOfPerson } from '../../stores/personal/personal-records.js';
import type { ToldMemory } from './visitor-export.js';

/** So much is written in one step, in characters, or what is one item alone. */
const PIECE_LENGTH = 64 * 1024;
/** An item that is a text of more is cut itself: a document in base64. */
const TEXT_LENGTH = 1024 * 1024;

/** An export tells of each, be it nothing. */
const NOTHING: HeldOfPerson = { decisions: [], recorded: [], recordedStates: {}, rejected: [], setAside: {} };

/**
 * The export of a person as JSON, a `VisitorExport`: their memory, then what lies beside it as it is read. Each piece
 * is of bounded work, with a turn of the event loop behind it, and nothing is kept that was told.
 */
export async function* exportPieces(
  memory: ToldMemory,
  parts: AsyncIterable<Partial<HeldOfPerson>>,
): AsyncGenerator<string> {
  for await (const piece of membersOf(memory, parts)) {
    yield piece;
    await nextTurn();
  }
}

async function* membersOf(memory: ToldMemory, parts: AsyncIterable<Partial<HeldOfPerson>>): AsyncGenerator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(memory) as [string, unknown][]) {
    yield `${before}${JSON.stringify(name)}:`;
    yield* isMany(value) ? manyPieces(value) : [JSON.stringify(value)];
    before = ',';
  }
  const untold = new Set(Object.keys(NOTHING));
  let open: OpenMember | undefined;
  for await (const part of parts)
    for (const [name, items] of Object.entries(part) as [string, Many][]) {
      if (open?.name !== name) {
        yield `${open?.end ?? ''},${JSON.stringify(name)}:${startOf(items)}`;
        open = { name, end: endOf(items), isEmpty: true };
        untold.delete(name);
      }
      for (const piece of itemPieces(items)) {
        yield (open.isEmpty ? '' : ',') + piece.text;
        open.isEmpty = piece.isCut;
      }
    }
  yield open?.end ?? '';
  for (const name of untold) yield `,${JSON.stringify(name)}:${JSON.stringify(NOTHING[name as keyof HeldOfPerson])}`;
  yield '}';
}

/** A member that is being told; `isEmpty` while nothing comes before its next item. */
interface OpenMember {
  readonly name: string;
  readonly end: string;
  isEmpty: boolean;
}

type Many = readonly unknown[] | Readonly<Record<string, unknown>>;

function isMany(value: unknown): value is Many {
  return typeof value === 'object' && value !== null;
}

function startOf(items: Many): string {
  return Array.isArray(items) ? '[' : '{';
}

function endOf(items: Many): string {
  return Array.isArray(items) ? ']' : '}';
}

function* manyPieces(items: Many): Generator<string> {
  let before = startOf(items);
  for (const { text, isCut } of itemPieces(items)) {
    yield before + text;
    before = isCut ? '' : ',';
  }
  yield (before === startOf(items) ? before : '') + endOf(items);
}

/** Items apart by commas, or the beginning of one that goes on in the next piece. */
interface Piece {
  readonly text: string;
  readonly isCut: boolean;
}

function* itemPieces(items: Many): Generator<Piece> {
  let texts: string[] = [];
  let length = 0;
  for (const [name, item] of Object.entries<unknown>(items)) {
    if (item === undefined) continue;
    const key = Array.isArray(items) ? '' : `${JSON.stringify(name)}:`;
    if (typeof item === 'string' && item.length > TEXT_LENGTH) {
      if (texts.length > 0) yield { text: texts.join(), isCut: false };
      yield* longText(key, item);
      texts = [];
      length = 0;
      continue;
    }
    const text = key + JSON.stringify(item);
    texts.push(text);
    length += text.length;
    if (length < PIECE_LENGTH) continue;
    yield { text: texts.join(), isCut: false };
    texts = [];
    length = 0;
  }
  if (texts.length > 0) yield { text: texts.join(), isCut: false };
}

/** A pair of halves of a character that is cut is written as two escapes, which are read as one. */
function* longText(key: string, text: string): Generator<Piece> {
  for (let at = 0; at < text.length; at += TEXT_LENGTH) {
    const isLast = at + TEXT_LENGTH >= text.length;
    const inner = JSON.stringify(text.slice(at, at + TEXT_LENGTH)).slice(1, -1);
    yield { text: `${at === 0 ? `${key}"` : ''}${inner}${isLast ? '"' : ''}`, isCut: !isLast };
  }
}
