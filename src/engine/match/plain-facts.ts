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

/**
 * Makes copies of data as it is now, down to what is neither a list nor a plain object, which is handed on as it is.
 * Where there is something to go into is found out once: looking through each copy costs ten times as much.
 */
export function copierOf<T>(data: T): () => T {
  if (!isPlainData(data)) return () => data;
  const inner = Object.entries(data).filter(([, one]) => isPlainData(one));
  const names = inner.map(([name]) => name);
  const copiers = inner.map(([, one]) => copierOf<unknown>(one));
  const shallow = shallowCopierOf(data);
  return () => {
    const copy = shallow();
    for (let at = 0; at < names.length; at++) copy[names[at] as string] = copiers[at]?.();
    return copy as T;
  };
}

function shallowCopierOf(data: object): () => Record<string, unknown> {
  const list: readonly unknown[] | undefined = Array.isArray(data) ? [...(data as unknown[])] : undefined;
  if (list) return () => list.slice() as never;
  const own = { ...data };
  return () => ({ ...own });
}

/** Finds facts by their names. */
export const findPlainFact: FindFact<PlainFacts> = (name) => ({
  read: ownValue(name),
  scoped: false,
  readsVisitor: false,
  cost: 1,
});
