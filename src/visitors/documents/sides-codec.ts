/**
 * The sides of a person as bytes. What a side has that the person has too is told by its place in what the person has,
 * and only the rest is written out. Decisions pass over all of it.
 */
import { CorruptDocument } from '../../errors.js';
import type { Forgotten } from '../memory/forgotten.js';
import { NOTHING_LET_GO, type LetGo, type LetGoBySource } from '../memory/browser-share.js';
import { nameless } from '../memory/last-word.js';
import type { Memory, RememberedConsent } from '../memory/memory.js';
import type { Millis } from '../../engine/language/millis.js';
import { isSameWord } from '../memory/retained-sides.js';
import type { Origin } from '../memory/origin.js';
import type { Apart } from '../memory/sides.js';
import { isBrowsersWord, mergeWords, type RememberedTrait, type TraitWords } from '../memory/trait-words.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readEvicted, writeEvicted } from './counts-codec.js';
import { readIds, readOrigin, writeIds, writeOrigin, type StoredIds } from './ids-codec.js';
import { readLinks, writeLinks } from './joins-codec.js';
import { readConsents, readOutranked, writeConsents, writeOutranked } from './said-codec.js';

/** What is written out of a side. */
const HAS = { words: 1, browsersWords: 2, consents: 4, evicted: 8, browsers: 16 } as const;

/** The sides in the order of their numbers: the one that the person is kept under is 0. */
export function numberedSides({ id }: Pick<Memory, 'id'>, { sides }: Apart<Memory>): readonly Memory[] {
  return sides.toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
}

/** Appends the sides of a person, all but their interactions. */
export function writeSides(writer: ByteWriter, memory: Memory, apart: Apart<Memory>): void {
  const sides = numberedSides(memory, apart);
  writer.varint(sides.length);
  for (const side of sides) writeHead(writer, side);
  writeLinks(writer, apart.links, sides);
  for (const list of LISTS)
    writeRows(
      writer,
      list.keys(memory).length,
      sides.map((side) => list.rows(memory, side)),
    );
  for (const side of sides) writer.block(() => writeRest(writer, memory, side));
}

/** Appends which of the interactions of a person each side has. */
export function writeSidesInteractions(writer: ByteWriter, memory: Memory, apart: Apart<Memory>): void {
  const row = new Map(memory.interactions.map(({ messageId }, at) => [messageId, at]));
  const rows = numberedSides(memory, apart).map(({ interactions }) =>
    interactions.flatMap(({ messageId }) => row.get(messageId) ?? []),
  );
  writeRows(writer, memory.interactions.length, rows);
}

/** Who a side is: what is asked when more is put behind the document. */
export interface SideHead extends StoredIds {
  readonly origin?: Origin | undefined;
}

/** Who the sides are, in the order of their numbers. */
export function readSideHeads(reader: ByteReader): readonly SideHead[] {
  return Array.from({ length: reader.count() }, () => {
    const ids = readIds(reader);
    return reader.byte() === 1 ? { ...ids, origin: readOrigin(reader) } : ids;
  });
}

function writeHead(writer: ByteWriter, side: SideHead): void {
  const { origin } = side;
  writeIds(writer, side);
  writer.byte(origin ? 1 : 0);
  if (origin) writeOrigin(writer, origin);
}

/** When the first of the joins was that can be undone; undefined where none is noted. */
export function firstJoinIn(reader: ByteReader): Millis | undefined {
  const ats = readLinks(reader, readSideHeads(reader)).map(({ at }) => at);
  return ats.length > 0 ? Math.min(...ats) : undefined;
}

/** Reads the sides of a person; `interactions` are the rows of each. Throws `CorruptDocument`. */
export function readSides(reader: ByteReader, memory: Memory, interactions: RowsBySide): Apart<Memory> {
  const heads = readSideHeads(reader);
  const links = readLinks(reader, heads);
  const rows = LISTS.map((list) => readRows(reader, list.keys(memory).length, heads.length));
  const sides = heads.map((one, side): Memory => {
    const [traits = [], outranked = [], consents = [], forgotten = [], ofBrowsers = []] = rows.map(
      (of) => of[side] ?? [],
    );
    return {
      ...one,
      ...readRest(reader.block(), {
        words: [...pick(memory.traits, traits), ...pick(memory.outranked ?? {}, outranked)],
        consents: Object.fromEntries(pick(memory.consents, consents)),
        forgotten: pickForgotten(memory.forgotten, forgotten),
        ofBrowsers: pickForgotten(browsersOf(memory).forgotten, ofBrowsers),
      }),
      interactions: (interactions[side] ?? []).flatMap((row) => memory.interactions[row] ?? []),
      joining: undefined,
    };
  });
  return { sides, links };
}

/** A list of what a person has, of which sides have some. Their order is that of the format. */
interface SharedList {
  readonly keys: (memory: Memory) => readonly unknown[];
  readonly rows: (memory: Memory, side: Memory) => readonly number[];
}

const LISTS: readonly SharedList[] = [
  {
    keys: ({ traits }) => Object.keys(traits),
    rows: ({ traits }, side) => rowsOf(names(traits), (name) => isOneOf(wordsOn(side, name), traits[name])),
  },
  {
    keys: ({ outranked = {} }) => Object.keys(outranked),
    rows: ({ traits, outranked = {} }, side) =>
      rowsOf(
        names(outranked),
        (name) => isOneOf(wordsOn(side, name), outranked[name]) && !isSameWord(outranked[name], traits[name]),
      ),
  },
  {
    keys: ({ consents }) => Object.keys(consents),
    rows: ({ consents }, side) => rowsOf(names(consents), (name) => isSameConsent(consents[name], side.consents[name])),
  },
  {
    keys: ({ forgotten }) => Array.from(forgotten.hashes),
    rows: ({ forgotten }, side) => rowsOfForgotten(forgotten, side.forgotten),
  },
  {
    keys: (memory) => Array.from(browsersOf(memory).forgotten.hashes),
    rows: (memory, side) => rowsOfForgotten(browsersOf(memory).forgotten, browsersOf(side).forgotten),
  },
];

function rowsOf<K>(keys: readonly K[], isTheirs: (key: K) => boolean): readonly number[] {
  return keys.flatMap((key, row) => (isTheirs(key) ? row : []));
}

function rowsOfForgotten({ hashes }: Forgotten, ofSide: Forgotten): readonly number[] {
  const theirs = new Set(ofSide.hashes);
  return theirs.size === 0 ? [] : rowsOf(Array.from(hashes), (hash) => theirs.has(hash));
}

/** In an order that does not depend on when each was said. */
function names(record: object): readonly string[] {
  return Object.keys(record).sort();
}

function pick<T>(record: Readonly<Record<string, T>>, rows: readonly number[]): [string, T][] {
  const all = names(record);
  return rows.flatMap((row) => {
    const name = all[row] ?? '';
    const value = record[name];
    return value === undefined ? [] : [[name, value] as [string, T]];
  });
}

function pickForgotten({ hashes, cameAt }: Forgotten, rows: readonly number[]): Forgotten {
  return {
    hashes: Float64Array.from(rows, (row) => hashes[row] ?? NaN),
    cameAt: Float64Array.from(rows, (row) => cameAt[row] ?? NaN),
  };
}

function browsersOf({ browsers = NOTHING_LET_GO }: Pick<Memory, 'browsers'>): LetGo {
  return browsers;
}

function wordsOn({ traits, outranked = {} }: TraitWords, name: string): readonly RememberedTrait[] {
  return [traits, outranked].flatMap((words) => (Object.hasOwn(words, name) ? (words[name] ?? []) : []));
}

function isOneOf(words: readonly RememberedTrait[], word: RememberedTrait | undefined): boolean {
  return words.some((one) => isSameWord(one, word));
}

function isSameConsent(a: RememberedConsent | undefined, b: RememberedConsent | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.at === b.at &&
    a.arrival === b.arrival &&
    a.granted === b.granted &&
    a.until === b.until
  );
}

/** What a side holds beside what its person does. */
function writeRest(writer: ByteWriter, memory: Memory, side: Memory): void {
  const { evicted, browsers } = side;
  const isBeside = ([name, word]: readonly [string, RememberedTrait]) => !isOneOf(wordsOn(memory, name), word);
  const besides = [...Object.entries(side.traits), ...Object.entries(side.outranked ?? {})].filter(isBeside);
  const [ofBrowsers, ofServers] = [true, false].map((is) =>
    Object.fromEntries(besides.filter(([, word]) => isBrowsersWord(word) === is)),
  );
  const consents = Object.fromEntries(
    Object.entries(side.consents).filter(([name, consent]) => !isSameConsent(memory.consents[name], consent)),
  );
  const parts: readonly [number, object | undefined, () => void][] = [
    [HAS.words, ofServers, () => writeOutranked(writer, ofServers ?? {})],
    [HAS.browsersWords, ofBrowsers, () => writeOutranked(writer, ofBrowsers ?? {})],
    [HAS.consents, consents, () => writeConsents(writer, consents)],
    [HAS.evicted, evicted, () => writeEvicted(writer, evicted)],
  ];
  const present = parts.filter(([, what]) => what && Object.keys(what).length > 0);
  writer.byte(present.reduce((flags, [flag]) => flags + flag, browsers ? HAS.browsers : 0));
  for (const [, , write] of present) writer.block(write);
  if (browsers) writer.block(() => writeEvicted(writer, browsers.evicted));
}

/** What a side has in common with its person. */
interface Shared {
  readonly words: readonly [string, RememberedTrait][];
  readonly consents: Memory['consents'];
  readonly forgotten: Forgotten;
  readonly ofBrowsers: Forgotten;
}

function readRest(reader: ByteReader, shared: Shared): TraitWords & LetGoBySource & Pick<Memory, 'consents'> {
  const flags = reader.byte();
  const block = <T>(flag: number, read: (reader: ByteReader) => T): T | undefined =>
    Math.floor(flags / flag) % 2 === 1 ? read(reader.block()) : undefined;
  const besides = [block(HAS.words, readOutranked), block(HAS.browsersWords, readOutranked)];
  const consents = { ...shared.consents, ...block(HAS.consents, readConsents) };
  const evicted = block(HAS.evicted, readEvicted) ?? {};
  const browsersEvicted = block(HAS.browsers, readEvicted);
  return {
    ...wordsOf([...shared.words, ...besides.flatMap((words) => Object.entries(words ?? {}))]),
    consents,
    evicted,
    forgotten: shared.forgotten,
    ...(browsersEvicted && { browsers: { evicted: browsersEvicted, forgotten: shared.ofBrowsers } }),
  };
}

function wordsOf(words: readonly [string, RememberedTrait][]): TraitWords {
  const [ofServers, ofBrowsers] = [nameless<RememberedTrait>(), nameless<RememberedTrait>()];
  for (const [name, word] of words) (isBrowsersWord(word) ? ofBrowsers : ofServers)[name] = word;
  return mergeWords({ traits: ofServers }, { traits: ofBrowsers });
}

/** Of each side the rows of a list that it has too, in their order. */
export type RowsBySide = readonly (readonly number[])[];

/**
 * Appends which rows of a list of `count` which side has: for each row the number of the first side that has it, from 1
 * on; then for each side the rows that it has besides.
 */
export function writeRows(writer: ByteWriter, count: number, rows: RowsBySide): void {
  const first = new Uint32Array(count);
  const besides = rows.map((ofSide, side) =>
    ofSide.filter((row) => {
      if (first[row] !== 0) return true;
      first[row] = side + 1;
      return false;
    }),
  );
  writer.codes(first);
  for (const ofSide of besides) {
    writer.varint(ofSide.length);
    if (ofSide.length > 0) writer.numbers(ofSide);
  }
}

/** Reads what {@link writeRows} wrote of a list of `count`. Throws {@link CorruptDocument} for what can't be. */
export function readRows(reader: ByteReader, count: number, sides: number): RowsBySide {
  const rows = Array.from({ length: sides }, (): number[] => []);
  const first = reader.codes(count);
  for (let row = 0; row < count; row++) {
    const side = first[row] as number;
    if (side === 0) continue;
    const ofSide = rows[side - 1];
    if (!ofSide) throw new CorruptDocument('it tells of a side that it has not');
    ofSide.push(row);
  }
  for (const ofSide of rows) {
    const besides = reader.count();
    if (besides === 0) continue;
    ofSide.push(...reader.numbers(besides));
    ofSide.sort((a, b) => a - b);
    if (ofSide.some((row) => !(row >= 0 && row < count))) throw new CorruptDocument('a side of it is longer than it');
  }
  return rows;
}
