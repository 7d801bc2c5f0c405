/** An entry where it lies: `seq` is its block's and its place in it together, and stays its own. */
export interface Line {
  readonly seq: number;
  readonly line: string;
}

/** The lines of a block's body with an entry in them. One that was removed leaves an empty line. */
export function linesOf(seq: number, body: string): Line[] {
  return body.split('\n').flatMap((line, at) => (line === '' ? [] : { seq: seq + at, line }));
}

/** A body without some of its entries; the others stay where they are. */
export function emptied(seq: number, body: string, gone: ReadonlySet<number>): string {
  return body
    .split('\n')
    .map((line, at) => (gone.has(seq + at) ? '' : line))
    .join('\n');
}
