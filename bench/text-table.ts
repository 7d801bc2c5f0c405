/**
 * Rows of cells, the head among them, one below the other: so many columns of words to the left, then numbers to the
 * right.
 */
export function textTable(rows: readonly (readonly string[])[], words: number): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const padded = (cell: string, at: number) =>
    at < words ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return rows.map((row) => row.map(padded).join('  ')).join('\n');
}
