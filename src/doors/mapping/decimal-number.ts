import type { Json } from '../../engine/language/json.js';
import { WrittenNumber } from '../../engine/language/written-number.js';
import { heldNumber } from '../held-number.js';

/** The characters that a number is written with before its fraction. */
export type DecimalMark = '.' | ',';

/**
 * The number that a text means, in the way of people who write this mark before the fraction: of `,` also `1.234,50`,
 * `1 234,50` and `1'234,50`, of `.` also `1,234.50`. Without a mark only what programs write, such as `1234.5` and
 * `1e3`: what else a comma may mean is not guessed. Undefined where it is
 * none; as it is written where a number here would lose digits of it, which whoever takes it refuses.
 */
export function decimalNumber(text: string, mark: DecimalMark | undefined): Json | undefined {
  const plain = mark === undefined ? text : plainNumber(text, mark);
  return plain !== undefined && NUMBER.test(plain)
    ? (heldNumber(plain) ?? (new WrittenNumber(plain) as unknown as Json))
    : undefined;
}

/** Stricter than `Number()`, which reads '' as 0 and understands '0x10' and 'Infinity'. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Groups are three digits each and all of one kind, so that a fraction is never taken for one. */
const GROUPED: Readonly<Record<DecimalMark, RegExp>> = {
  ',': /^([+-]?\d{1,3})(?:([.'’\u00a0\u202f ])(\d{3}(?:\2\d{3})*))?(?:,(\d+))?$/,
  '.': /^([+-]?\d{1,3})(?:([,'’\u00a0\u202f ])(\d{3}(?:\2\d{3})*))?(?:\.(\d+))?$/,
};

function plainNumber(text: string, mark: DecimalMark): string | undefined {
  const [, first, , groups = '', fraction] = GROUPED[mark].exec(text) ?? [];
  if (first !== undefined) return `${first}${groups.replace(/\D/g, '')}${fraction === undefined ? '' : `.${fraction}`}`;
  const ungrouped = /^[+-]?\d*([.,]\d+)?$/.exec(text);
  return ungrouped && (ungrouped[1] === undefined || ungrouped[1].startsWith(mark))
    ? text.replace(',', '.')
    : undefined;
}
