import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Release, ReleaseFile, ReleaseSummary } from './release-store.js';

/**
 * Where the pieces of releases are kept, each under the digest of what is in it. Nothing is ever removed: releases
 * share the pieces they have in common, and one that nothing names does no harm.
 */
export interface PieceShelf {
  /** Which of these names it lacks. */
  missing(names: readonly string[]): Promise<string[]>;
  put(pieces: readonly PackedPiece[]): Promise<void>;
  /** Bodies in the order of their names; undefined for those that are lost. */
  get(names: readonly string[]): Promise<(Uint8Array | undefined)[]>;
}

/** A piece of a release as it lies on the shelf. */
export interface PackedPiece {
  readonly name: string;
  readonly body: Uint8Array;
}

/** Path, text, and the revision where it has one. */
type Entry = readonly [string, string, number | null];

const AT_ONCE = 16;
const MAX_CHARACTERS = 256 * 1024;
/** One path in so many ends a piece. */
const MEAN_FILES = 64;
const pack = promisify(gzip);
const unpack = promisify(gunzip);

/**
 * Puts on the shelf what it lacks of a release, and gives the names of all its pieces in their order. A hundred
 * thousand files are worked on a few at a time, so that nobody waits for them.
 */
export async function shelveRelease(release: Release, shelf: PieceShelf): Promise<string[]> {
  const names: string[] = [];
  let batch: { name: string; text: string }[] = [];
  for (const entries of cut(release)) {
    const text = JSON.stringify(entries);
    const name = createHash('sha256').update(text).digest('base64url');
    names.push(name);
    batch.push({ name, text });
    if (batch.length < AT_ONCE) continue;
    await shelve(batch, shelf);
    batch = [];
  }
  await shelve(batch, shelf);
  return names;
}

/** The release whose pieces these are; undefined where one of them is lost. */
export async function unshelveRelease(
  summary: ReleaseSummary,
  names: readonly string[],
  shelf: PieceShelf,
): Promise<Release | undefined> {
  const files: ReleaseFile[] = [];
  const revisions: [string, number][] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    for (const body of await shelf.get(names.slice(at, at + AT_ONCE))) {
      if (!body) return undefined;
      for (const [path, text, revision] of JSON.parse((await unpack(body)).toString()) as Entry[]) {
        files.push({ path, text });
        if (revision !== null) revisions.push([path, revision]);
      }
    }
  }
  return { ...summary, files, revisions: Object.fromEntries(revisions) };
}

/** What a release is without its files, whatever else was handed over with it. */
export function summaryOf({
  version,
  digest,
  publishedAt,
  author,
  message,
  fileCount,
}: ReleaseSummary): ReleaseSummary {
  return { version, digest, publishedAt, author, message, fileCount };
}

async function shelve(batch: readonly { name: string; text: string }[], shelf: PieceShelf): Promise<void> {
  // What is there already is only hashed, which would otherwise go on without a pause.
  await nextTurn();
  const missing = new Set(await shelf.missing(batch.map(({ name }) => name)));
  const lacking = batch.filter(({ name }) => missing.has(name));
  const packed = await Promise.all(lacking.map(async ({ name, text }) => ({ name, body: await pack(text) })));
  if (packed.length > 0) await shelf.put(packed);
}

/**
 * Where a piece ends is for the path of its last file to say, so that a file more or less changes one piece and the
 * others are still shared with the release before.
 */
function* cut({ files, revisions }: Release): Generator<Entry[]> {
  let piece: Entry[] = [];
  let characters = 0;
  for (const { path, text } of files) {
    piece.push([path, text, revisions[path] ?? null]);
    characters += text.length;
    if (characters < MAX_CHARACTERS && !endsPiece(path)) continue;
    yield piece;
    piece = [];
    characters = 0;
  }
  if (piece.length > 0) yield piece;
}

/** FNV-1a, 32 bits (G. Fowler, L. C. Noll, K.-P. Vo), which spreads short texts that differ little well enough. */
function endsPiece(path: string): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < path.length; at += 1) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % MEAN_FILES === 0;
}
