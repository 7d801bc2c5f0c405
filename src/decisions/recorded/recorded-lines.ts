import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Millis } from '../../engine/language/millis.js';
import { stateOf, type RecordedInput, type RecordedInputs } from '../../stores/recorded-inputs.js';
import type { ReleaseStore } from '../../stores/release-store.js';
import { RecentDocuments } from './recent-documents.js';

/** A release with its rule files by path, such as `contextual/resume.json`. */
export interface RecordedRelease {
  readonly version: number;
  readonly digest: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A line of the stream: an input, or the document or the release that one of the inputs after it was decided with. */
export type RecordedLine =
  | { readonly input: RecordedInput }
  | { readonly state: string; readonly document: string }
  | { readonly release: RecordedRelease };

/** What is asked of the record: `until` is not included. */
export interface RecordedQuery {
  readonly since: Millis;
  readonly until: Millis;
  /** Whether the releases are to come along. */
  readonly releases: boolean;
}

/** Where the lines come from. */
export interface RecordedSources {
  readonly recorded: RecordedInputs;
  readonly releases: Pick<ReleaseStore, 'release'>;
}

/** Inputs read at once, with their documents. */
const PAGE_SIZE = 64;
/** About so many characters are handed on at once. */
const PIECE_LENGTH = 64 * 1024;

/**
 * The recorded inputs as lines of JSON, oldest first, in constant memory. A visitor's document, in base64, comes before
 * the first input that needs it, and again when so many others have come since that the reader has let it go; see
 * {@link RecentDocuments}. Where it is no longer kept, the input comes without. A release comes once, before its first
 * input.
 */
export async function* recordedLines(
  { since, until, releases }: RecordedQuery,
  sources: RecordedSources,
  sent = new RecentDocuments<true>(),
): AsyncGenerator<string> {
  const { recorded } = sources;
  const written = new Set<number>();
  for (let after: string | undefined; ;) {
    const { inputs, next } = await recorded.page(since, PAGE_SIZE, after);
    const wanted = inputs.filter(({ decidedAt }) => decidedAt >= since && decidedAt < until);
    for (const { rulebook } of releases ? wanted : []) {
      if (written.has(rulebook.version)) continue;
      written.add(rulebook.version);
      yield* releaseLine(rulebook.version, sources);
    }
    let text = '';
    for await (const line of withDocuments(wanted, sent, recorded)) {
      text += `${JSON.stringify(line)}\n`;
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
    // Several processes write: what was decided a moment earlier may come a moment later, but not a whole page.
    const isOver = wanted.length === 0 && inputs.some(({ decidedAt }) => decidedAt >= until);
    if (next === undefined || isOver) return;
    after = next;
    // SQLite is read in the same turn of the event loop: others are to be served between two pages.
    await nextTurn();
  }
}

async function* releaseLine(version: number, { releases }: RecordedSources): AsyncGenerator<string> {
  const found = await releases.release(version);
  if (!found) return;
  const release = {
    version,
    digest: found.digest,
    files: Object.fromEntries(found.files.map(({ path, text }) => [path, text])),
  };
  yield `${JSON.stringify({ release } satisfies RecordedLine)}\n`;
}

async function* withDocuments(
  inputs: readonly RecordedInput[],
  sent: RecentDocuments<true>,
  recorded: RecordedInputs,
): AsyncGenerator<RecordedLine> {
  const keys = inputs.flatMap((input) => stateOf(input) ?? []);
  const loaded = await recorded.states([...new Set(keys)].filter((key) => !sent.get(key)));
  for (const input of inputs) {
    const key = stateOf(input);
    if (key !== undefined && !sent.get(key)) {
      // One that the page itself has pushed out has to be read once more.
      const document = loaded.get(key) ?? (await recorded.states([key])).get(key);
      if (document) yield { state: key, document: asBuffer(document).toString('base64') };
      if (document) sent.add(key, true, document.length);
    }
    yield { input };
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
