/** What settles a part of a fact before any visitor is looked at: where it is asked, or the window in which. */
export type SettledBy = 'placement' | 'channel' | 'day' | 'instant' | 'year' | 'month';

/**
 * What a fact, or a part of it, may turn out to be, as plain data: proofs read it as the values that there may be, and
 * editors as what to offer. It may say more than there really is, never less.
 */
export interface ValueShape {
  readonly kind: 'boolean' | 'number' | 'text' | 'list' | 'object' | 'anything';
  /** There may be none. */
  readonly missing?: true;
  /** The least and the greatest number. */
  readonly min?: number;
  readonly max?: number;
  /** Its numbers are whole. */
  readonly whole?: true;
  /** The only texts, or the first and the last in the order of texts. */
  readonly texts?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  /** Its parts by name. Of other parts nothing is known. */
  readonly parts?: Readonly<Record<string, ValueShape>>;
  /** What every part is that `parts` does not name. */
  readonly each?: ValueShape;
  /** Names of parts that an editor offers besides those of `parts`, as the steps of a path. */
  readonly examples?: readonly string[];
  readonly settledBy?: SettledBy;
}

/** Anything at all, or nothing. */
export const ANY_VALUE: ValueShape = { kind: 'anything' };

/** The shape of what stands at the end of a path of names; a path into a plain value leads to that value itself. */
export function shapeAt(shape: ValueShape, names: readonly string[] | undefined): ValueShape {
  if (shape.kind === 'boolean' || shape.kind === 'number' || shape.kind === 'text') return shape;
  if (!names) return ANY_VALUE;
  const [name, ...more] = names;
  if (name === undefined) return shape;
  const part = Object.hasOwn(shape.parts ?? {}, name) ? shape.parts?.[name] : shape.each;
  return part && (more.length === 0 || part.kind === 'object') ? shapeAt(part, more) : ANY_VALUE;
}

/**
 * The first name along a path of names that leads to nothing, with the names that there are: where all parts of an
 * object are known, and it is none of them. Undefined where there may be something.
 */
export function unknownPart(
  shape: ValueShape,
  [name, ...more]: readonly string[],
): { readonly name: string; readonly known: readonly string[] } | undefined {
  const { kind, parts, each, examples } = shape;
  if (name === undefined || kind !== 'object' || !parts || each || examples) return undefined;
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  return part ? unknownPart(part, more) : { name, known: Object.keys(parts) };
}

/** The paths that an editor offers into a value. */
export function pathsInto({ parts = {}, examples = [] }: ValueShape): string[] {
  const own = Object.entries(parts).flatMap(([name, part]) => (part.examples ? [] : [`$.${name}`]));
  const inner = Object.entries(parts).flatMap(([name, part]) => (part.examples ?? []).map((one) => `$.${name}${one}`));
  return [...examples.map((one) => `$${one}`), ...own, ...inner];
}
