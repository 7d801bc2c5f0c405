import { RecentDocuments } from '../../decisions/recorded/recent-documents.js';
import type { RecordedLine, RecordedRelease } from '../../decisions/recorded/recorded-lines.js';
import { CommandFailed } from '../../errors.js';
import { readLines } from '../../doors/tables/ndjson.js';
import type { Recorded } from '../../replay/recorded.js';
import type { RecordedInput } from '../../stores/recorded-inputs.js';

/** A line holds a visitor's document, a request, or the files of a release. */
const LONGEST_LINE = 256 * 1024 * 1024;

/**
 * Reads `GET /v1/decisions/recorded`, in constant memory; releases are handed over as they come. Throws `CommandFailed`
 * for what is no such stream.
 */
export async function* readRecorded(
  pieces: AsyncIterable<Buffer>,
  hear: (release: RecordedRelease) => void,
  documents = new RecentDocuments<Uint8Array>(),
): AsyncGenerator<Recorded> {
  for await (const { number, text } of readLines(pieces, { maxLength: LONGEST_LINE })) {
    const line = parse(text, number);
    if ('release' in line) hear(line.release);
    else if ('document' in line) add(documents, line.state, Buffer.from(line.document, 'base64'));
    else if ('input' in line) yield { input: line.input, document: documentOf(line.input, documents) };
  }
}

function add(documents: RecentDocuments<Uint8Array>, key: string, document: Uint8Array): void {
  documents.add(key, document, document.length);
}

function documentOf({ visitor }: RecordedInput, documents: RecentDocuments<Uint8Array>): Uint8Array | undefined {
  return visitor.kind === 'stored' ? documents.get(visitor.state) : undefined;
}

function parse(text: string | undefined, number: number): RecordedLine {
  try {
    if (text !== undefined) return JSON.parse(text) as RecordedLine;
  } catch {
    // What follows says so.
  }
  throw new CommandFailed(
    `Line ${number} of what is recorded can't be read. Is it Usher, of this version or an earlier one, ` +
      'that runs there?',
  );
}
