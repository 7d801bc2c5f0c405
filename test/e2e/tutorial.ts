import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A fenced block of a page: its language, what stands behind it (the path of a file), and its text. */
export interface Block {
  readonly language: string;
  readonly path: string;
  readonly text: string;
  /** Where it begins in the page, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page of docs/, in their order. */
export function blocksOf(page: string): Block[] {
  const markdown = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(
    ({ 1: language = '', 2: path = '', 3: text = '', index }) => ({
      ...{ language, path, text },
      line: markdown.slice(0, index).split('\n').length,
    }),
  );
}

/** The lines of a promise that do not come in an answer, in their order; `…` stands for anything. */
export function missingIn(answer: string, promised: string): string[] {
  let rest = answer;
  return promised.split('\n').filter((line) => {
    const pieces = line
      .trim()
      .split('…')
      .map((piece) => piece.trim())
      .filter(Boolean);
    return !pieces.every((piece) => {
      const at = rest.indexOf(piece);
      if (at >= 0) rest = rest.slice(at + piece.length);
      return at >= 0;
    });
  });
}
