import { styleText } from 'node:util';

const thousands = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** A number for people: `17,434`. */
export function shown(value: unknown): string {
  return typeof value === 'number' ? thousands.format(value) : String(value);
}

/** The checks of a run: each is printed as it is made, and counted. */
export class Checklist {
  passed = 0;
  failed = 0;
  private readonly print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.print = print;
  }

  heading(text: string): void {
    this.print(`\n${styleText('bold', text)}`);
  }

  /** Holds when both are the same; `note` is a figure worth knowing, such as a rate. */
  equal(what: string, got: unknown, { wanted, note = '' }: { readonly wanted: unknown; readonly note?: string }): void {
    const holds = Object.is(got, wanted);
    this.row(holds, what, holds ? shown(got) : `${shown(got)}, wanted ${shown(wanted)}`, note);
  }

  /** Holds when both sets have the same members; tells how many, and the first that differ. */
  sameSet(what: string, got: ReadonlySet<string>, wanted: ReadonlySet<string>): void {
    const missing = wanted.difference(got);
    const extra = got.difference(wanted);
    const some = (set: ReadonlySet<string>) => [...set].slice(0, 3).join(', ');
    const difference =
      `${shown(wanted.size)} wanted; ${missing.size} missing (${some(missing)}), ` +
      `${extra.size} too many (${some(extra)})`;
    const holds = missing.size + extra.size === 0;
    this.row(holds, what, shown(got.size), holds ? '' : difference);
  }

  fail(what: string, why: string): void {
    this.row(false, what, 'failed', why);
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }

  private row(holds: boolean, what: string, figure: string, note: string): void {
    this[holds ? 'passed' : 'failed']++;
    const mark = holds ? styleText('green', '✓') : styleText('red', '✗');
    this.print(`  ${mark} ${what.padEnd(72)} ${figure.padStart(8)}  ${styleText('dim', note)}`.trimEnd());
  }
}
