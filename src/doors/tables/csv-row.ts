import type { Header } from './header.js';
import type { Row } from './row.js';

/** A row of a CSV, whose cells are texts. */
export class CsvRow implements Row {
  constructor(
    readonly number: number,
    readonly line: number,
    private readonly header: Header,
    private readonly values: readonly string[],
  ) {}

  get identity(): string {
    return this.values.join('\u001F');
  }

  get unnamed(): string | undefined {
    return this.header.unnamed.map((index) => this.values[index]).find((value) => value && value.trim() !== '');
  }

  cell(column: string): string | undefined {
    const index = this.header.positions.get(column);
    return index === undefined ? undefined : this.values[index];
  }
}
