import type { FindFact } from './fact-reader.js';
import { ownValue } from '../values/own-value.js';

/** Facts by name, as `engine.run` takes them. Only own properties count. */
export type PlainFacts = Readonly<Record<string, unknown>>;

/** Whether something is a list or an object as JSON has them, rather than a date, say, or an instance of a class. */
export function isPlainData(data: unknown): data is object {
  if (typeof data !== 'object' || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return Array.isArray(data) || prototype === Object.prototype || prototype === null;
}

/** Copies data down to what is neither a list nor a plain object, which is handed on as it is. */
export type Copier = (data: object) => object;

/**
 * Finds copiers, one for all data that has lists and objects in the same places: a hundred thousand events of a kind
 * share it. Where those places are is looked up once, as looking through each copy costs ten times as much. Data must
 * come to an end.
 */
export function copierFinder(): (data: object) => Copier {
  const known = new Map<string, NumberedCopier>();
  const find = (data: object): NumberedCopier => {
    const inner = Object.entries(data).flatMap(([name, one]) => (isPlainData(one) ? [{ name, ...find(one) }] : []));
    if (inner.length === 0) return FLAT;
    const key = JSON.stringify(inner.map(({ name, number }) => [name, number]));
    const found = known.get(key) ?? { number: known.size + 1, copy: copierOf(inner) };
    known.set(key, found);
    return found;
  };
  return (data) => find(data).copy;
}

/** A copier, and a number that tells it from all others. */
interface NumberedCopier {
  readonly number: number;
  readonly copy: Copier;
}

const FLAT: NumberedCopier = { number: 0, copy: copyFlat };

function copyFlat(data: object): object {
  return Array.isArray(data) ? data.slice() : { ...data };
}

function copierOf(inner: readonly { readonly name: string; readonly copy: Copier }[]): Copier {
  return (data) => {
    const all = copyFlat(data) as Record<string, object>;
    for (const { name, copy } of inner) all[name] = copy(all[name] as object);
    return all;
  };
}

/** Finds facts by their names. */
export const findPlainFact: FindFact<PlainFacts> = (name) => ({
  read: ownValue(name),
  scoped: false,
  readsVisitor: false,
  cost: 1,
});
