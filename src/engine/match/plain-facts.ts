import type { FindFact } from './fact-reader.js';
import { ownValue } from './own-value.js';

/** Facts by name, as `engine.run` takes them. Only own properties count. */
export type PlainFacts = Readonly<Record<string, unknown>>;

/** Whether something is a list or an object as JSON has them, rather than a date, say, or an instance of a class. */
export function isPlainData(data: unknown): data is object {
  if (typeof data !== 'object' || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return Array.isArray(data) || prototype === Object.prototype || prototype === null;
}

/** A copy down to what is neither a list nor a plain object, which is handed on as it is. */
export function copyOfData<T>(data: T): T {
  if (!isPlainData(data)) return data;
  if (Array.isArray(data)) return data.map((one: unknown) => copyOfData(one)) as T;
  return Object.fromEntries(Object.entries(data).map(([name, inner]) => [name, copyOfData<unknown>(inner)])) as T;
}

/** Finds facts by their names. */
export const findPlainFact: FindFact<PlainFacts> = (name) => ({
  read: ownValue(name),
  scoped: false,
  readsVisitor: false,
  cost: 1,
});
