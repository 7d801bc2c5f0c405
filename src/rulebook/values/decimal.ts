/** A decimal number without rounding: `digits` times ten to the power of minus `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** A number, or a text that is one and nothing else, such as `"149.90"`; undefined for everything else. */
export function readDecimal(value: unknown): Decimal | undefined {
  const parts = typeof value === 'number' || typeof value === 'string' ? SHAPE.exec(String(value)) : null;
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const scale = fraction.length - Number(power);
  if (Math.abs(scale) > MOST_PLACES || whole.length > MOST_PLACES) return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** The nearest number that JavaScript has. */
export function toNumber({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`);
}

/** Exact. */
export function add(a: Decimal, b: Decimal): Decimal {
  return aligned(a, b, (x, y) => x + y);
}

/** Exact. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

/** Exact. */
export function negate({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale };
}

/** What is left of `a` after whole `b`s, with the sign of `b`; exact. Undefined where `b` is 0. */
export function remainder(a: Decimal, b: Decimal): Decimal | undefined {
  return b.digits === 0n ? undefined : aligned(a, b, (x, y) => ((x % y) + y) % y);
}

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;
/** Doubles have fewer; longer texts are no amounts but work. */
const MOST_PLACES = 400;

function aligned(a: Decimal, b: Decimal, reckon: (x: bigint, y: bigint) => bigint): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const at = (one: Decimal) => one.digits * 10n ** BigInt(scale - one.scale);
  return { digits: reckon(at(a), at(b)), scale };
}
