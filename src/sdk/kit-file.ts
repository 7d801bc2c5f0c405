import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** One form of a file: as it is, or packed. */
export interface PackedFile {
  readonly body: Buffer;
  /** Undefined for the file as it is. */
  readonly coding?: 'br' | 'gzip';
  /** A strong one: each form has its own (RFC 9110, section 8.8.3). */
  readonly etag: string;
}

/** A file that pages load, read once and packed once. */
export class KitFile {
  /** The first 16 hex digits of its SHA-256, by which its immutable address tells it. */
  readonly digest: string;
  /** What a page may say in `integrity` (Subresource Integrity). */
  readonly integrity: string;
  private readonly br: PackedFile;
  private readonly gzip: PackedFile;

  constructor(readonly body: Buffer) {
    this.digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
    this.integrity = `sha384-${createHash('sha384').update(body).digest('base64')}`;
    const best = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
    this.br = { body: brotliCompressSync(body, best), coding: 'br', etag: `"${this.digest}-br"` };
    this.gzip = { body: gzipSync(body, { level: 9 }), coding: 'gzip', etag: `"${this.digest}-gzip"` };
  }

  /** The kit as `build.mjs` has made it. */
  static read(): KitFile {
    return new KitFile(readFileSync(new URL('./browser/usher.js', import.meta.url)));
  }

  /** The smallest form that an `Accept-Encoding` allows: one that it refuses by `q=0` is not taken. */
  formFor(acceptEncoding = ''): PackedFile {
    const accepted = acceptEncoding.split(',').flatMap((one) => {
      const [name = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
      return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
    });
    if (accepted.includes('br')) return this.br;
    return accepted.includes('gzip') ? this.gzip : { body: this.body, etag: `"${this.digest}"` };
  }
}
