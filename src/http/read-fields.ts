import { InvalidRequest, type Problem } from '../errors.js';

/** Reads the value that came under a name, which is undefined where none came: what it means, or why it is refused. */
export type Field<T> = (given: unknown) => T | Refused;

/** Why a value is refused, and what to send instead: the message of a problem. */
export class Refused {
  constructor(readonly message: string) {}
}

/** What the fields of a declaration are read into. */
export type FieldValues<F> = { readonly [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

/**
 * Reads a query, the parameters of a path, or a small body by a declaration of its fields. Throws
 * {@link InvalidRequest} with every problem: names that are not declared, then fields in the order of their
 * declaration, then what they say together.
 */
export function readFields<const F extends Readonly<Record<string, Field<unknown>>>>(
  given: Readonly<Record<string, unknown>>,
  fields: F,
  { unknown, together }: ReadOptions<FieldValues<F>> = {},
): FieldValues<F> {
  const names = Object.keys(fields);
  const problems: Problem[] = [];
  if (unknown !== undefined)
    for (const path of Object.keys(given))
      if (!names.includes(path)) problems.push({ path, message: `is not known here; ${unknown} ${names.join(', ')}` });
  const read: Record<string, unknown> = {};
  for (const [path, field] of Object.entries(fields)) {
    const value = field(Object.hasOwn(given, path) ? given[path] : undefined);
    if (value instanceof Refused) problems.push({ path, message: value.message });
    else read[path] = value;
  }
  problems.push(...(together?.(read as Partial<FieldValues<F>>) ?? []));
  if (problems.length > 0) throw new InvalidRequest(problems);
  return read as FieldValues<F>;
}

/** How else fields are read. */
export interface ReadOptions<Values> {
  /** How the message begins that lists the declared names to whoever sent another; absent: others are ignored. */
  readonly unknown?: 'ask with' | 'the members are';
  /** What is wrong with the fields together; those that were refused are absent. */
  readonly together?: (read: Partial<Values>) => Problem[];
}
