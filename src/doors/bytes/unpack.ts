import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { MalformedBody, UnsupportedMediaType, UsherError } from '../../errors.js';

type Make = (first: number) => Transform & { readonly bytesWritten: number };

/** Anything behind the end would be passed over in silence. */
const STRICT = { rejectGarbageAfterEnd: true };

/** RFC 9110, section 8.4.1. What is called "deflate" comes with the frame of zlib, and from some clients without. */
const CODINGS: Readonly<Record<string, Make>> = {
  // Several files of gzip one after the other are one, so what comes behind the end is judged further below.
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: (first) => ((first & 0x0f) === 8 ? createInflate(STRICT) : createInflateRaw(STRICT)),
  br: () => createBrotliDecompress(STRICT),
  zstd: () => createZstdDecompress(STRICT),
};

/** What a client may send, as `Accept-Encoding` says it. */
export const KNOWN_CODINGS = 'gzip, deflate, br, zstd, identity';
/** Nobody packs more often, but who wants to harm. */
const MOST_CODINGS = 3;

/**
 * The bytes that a `Content-Encoding` packs, as a stream in constant memory; the same stream where none does. Throws
 * {@link UnsupportedMediaType} for a coding nobody knows; what is damaged or cut off fails with {@link MalformedBody}
 * once it is reached.
 */
export function unpack(packed: Readable, contentEncoding: string | undefined): Readable {
  if (contentEncoding === undefined) return packed;
  return readCodings(contentEncoding).reduceRight<Readable>(unpackOne, packed);
}

/** In the order in which they were applied. */
function readCodings(contentEncoding = ''): string[] {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const unknown = codings.find((coding) => !Object.hasOwn(CODINGS, coding));
  if (unknown !== undefined || codings.length > MOST_CODINGS)
    throw new UnsupportedMediaType(`encoded as ${unknown ?? contentEncoding}`, `it as one of ${KNOWN_CODINGS}`);
  return codings;
}

function unpackOne(packed: Readable, coding: string): Readable {
  return Readable.from(unpacked(packed, coding), { objectMode: false });
}

async function* unpacked(packed: Readable, coding: string): AsyncGenerator<Buffer> {
  // A request that is refused half-way is not destroyed: its answer goes out over the same connection.
  const chunks: AsyncIterator<Buffer> = packed.iterator({ destroyOnReturn: false });
  const first = await chunks.next();
  const unpacker = CODINGS[coding]?.(first.done ? 0 : (first.value[0] ?? 0));
  if (!unpacker) return;
  let given = 0;
  const source = Readable.from(
    again(first, chunks, ({ length }) => void (given += length)),
    { objectMode: false },
  );
  try {
    yield* pipeline(source, unpacker, () => {}) as AsyncIterable<Buffer>;
    // Gunzip ends at the first zero behind a file, and would pass over all that comes after it.
    if (unpacker.bytesWritten < given) throw notPacked(coding);
  } catch (error) {
    if (error instanceof UsherError || packed.errored) throw error;
    throw notPacked(coding);
  } finally {
    // Lets go of the stream, so that the server can read past what is left of it.
    await chunks.return?.();
  }
}

function notPacked(coding: string): UsherError {
  return new MalformedBody(
    `The bytes are not what ${coding} makes, are cut off, or are followed by something else. ` +
      'Pack all of it anew, or send it unpacked.',
  );
}

async function* again(
  first: IteratorResult<Buffer>,
  rest: AsyncIterator<Buffer>,
  count: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  for (let next = first; !next.done; next = await rest.next()) {
    count(next.value);
    yield next.value;
  }
}
