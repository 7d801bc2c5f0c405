import { Drop, type Emitter } from 'liquidjs';
import type { TextWork } from './text-work.js';

/** A piece of a text: the template's own, or a value with the name of its last filter. */
export type Piece = { readonly own: string } | { readonly value: string; readonly encoded: string };

/** Where a text is written, piece by piece. */
export class TextEmitter implements Emitter {
  buffer = '';

  constructor(protected readonly work: TextWork) {}

  /** LiquidJS writes the template's own text here. */
  write(text: unknown): void {
    const own = String(text);
    this.work.make(own.length);
    this.buffer += own;
  }
}

/**
 * Where `{% capture %}` writes. What a value must not be able to say depends on where it is put out, so values are kept
 * as they are, apart from the text around them.
 */
export class CaptureEmitter extends TextEmitter {
  private readonly pieces: Piece[] = [];

  override write(text: unknown): void {
    super.write(text);
    this.pieces.push({ own: String(text) });
  }

  keep(piece: Piece): void {
    const text = 'own' in piece ? piece.own : piece.value;
    super.write(text);
    this.pieces.push(piece);
  }

  captured(): Captured {
    return new Captured(this.pieces, this.buffer);
  }
}

/** What `{% capture %}` made. To filters and conditions it is its plain text. */
export class Captured extends Drop {
  constructor(
    readonly pieces: readonly Piece[],
    private readonly text: string,
  ) {
    super();
  }

  override valueOf(): string {
    return this.text;
  }
}
