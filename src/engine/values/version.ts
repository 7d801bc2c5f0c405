/**
 * Up to a four-part number with an optional pre-release and build, as https://semver.org writes them; `v` may stand
 * before it.
 */
const SHAPE = /^v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Whether a value is a version: a text such as `10.2.0`. A number is none, as `10.20` would be `10.2`. */
export function isVersion(value: unknown): value is string {
  return typeof value === 'string' && SHAPE.test(value);
}

/**
 * The order of two versions, negative where the first is older; undefined where one of them is none. As in section 11
 * of
 * https://semver.org: parts are numbers, a pre-release comes before its release, and builds do not count. Parts that
 * are
 * not written are 0, so that `10.2` is `10.2.0`; a fourth part counts after the third.
 */
export function compareVersions(some: unknown, other: unknown): number | undefined {
  const [a, b] = [partsOf(some), partsOf(other)];
  if (!a || !b) return undefined;
  return firstDifference(a.numbers, b.numbers, '0') || comparePreReleases(a.preRelease, b.preRelease);
}

interface Parts {
  readonly numbers: readonly string[];
  /** Empty for a release. */
  readonly preRelease: readonly string[];
}

function partsOf(version: unknown): Parts | undefined {
  const [, numbers, preRelease] = typeof version === 'string' ? (SHAPE.exec(version) ?? []) : [];
  return numbers === undefined ? undefined : { numbers: numbers.split('.'), preRelease: preRelease?.split('.') ?? [] };
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  return firstDifference(a, b, undefined);
}

/** Where one of them has fewer parts, the `missing` ones are that; without it the shorter comes first. */
function firstDifference(a: readonly string[], b: readonly string[], missing: string | undefined): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one = missing, two = missing] = [a[at], b[at]];
    if (one === undefined || two === undefined) return a.length - b.length;
    const order = compareParts(one, two);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by size, however many digits they have, and before words; words in the order of ASCII. */
function compareParts(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (!aIsNumber) return inOrder(a, b);
  const [one, two] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
  return one.length - two.length || inOrder(one, two);
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
