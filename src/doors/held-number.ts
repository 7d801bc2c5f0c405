/**
 * The number that decimal digits mean, as JSON or a cell writes them; undefined where a number here (an IEEE 754
 * double) would lose some of them: it is held where it gives back the digits written, in its shortest form or with as
 * many digits as were written. So `0.1` and `1e21` are held; `157963456373623801`, `0.1234567890123456789`, `1e999` and
 * `1e-999` are not. `-0` is 0.
 */
export function heldNumber(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  if (value !== 0 && text.length <= SURELY_HELD && !/e/i.test(text)) return value;
  const { digits, form } = decimal(text);
  if (digits === '') return 0;
  if (decimal(String(value)).form === form) return value;
  return digits.length <= MOST_DIGITS && decimal(value.toPrecision(digits.length)).form === form ? value : undefined;
}

/** So many digits fit into any double. */
const SURELY_HELD = 15;
/** The most that `toPrecision` gives. */
const MOST_DIGITS = 100;
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** The digits that count, and the one form that all texts of a number have in common. */
function decimal(text: string): { readonly digits: string; readonly form: string } {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const written = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = written.replace(/0+$/, '');
  const scale = Number(exponent) - fraction.length + (written.length - digits.length);
  return { digits, form: `${sign === '-' ? '-' : ''}${digits}e${scale}` };
}
