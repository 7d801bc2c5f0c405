import { RepeatedName } from '../engine/language/repeated-name.js';
import { WrittenNumber } from '../engine/language/written-number.js';
import type { Problem } from '../errors.js';

/** Where a member is that would become the prototype of what it is copied into; undefined where there is none. */
export function findPoison(root: unknown): string | undefined {
  return find(root, poisonIn);
}

/** The first name that an object gives more than once; undefined where there is none. */
export function findRepeated(root: unknown): Problem | undefined {
  const path = find(root, (value, at) => (value instanceof RepeatedName ? at : undefined));
  return path === undefined ? undefined : { path, message: REPEATED };
}

/** What is wrong with the names of a value, of both kinds. */
export function findMisnamed(root: unknown): Problem | undefined {
  let message = POISON;
  const path = find(root, (value, at) => {
    if (!(value instanceof RepeatedName)) return poisonIn(value, at);
    message = REPEATED;
    return at;
  });
  return path === undefined ? undefined : { path, message };
}

function poisonIn(value: object, path: string): string | undefined {
  if (Object.hasOwn(value, '__proto__')) return inside(path, '__proto__');
  const maker: unknown = Object.hasOwn(value, 'constructor') ? value['constructor' as never] : undefined;
  const isPoisoned = typeof maker === 'object' && maker !== null && Object.hasOwn(maker, 'prototype');
  return isPoisoned ? inside(path, 'constructor.prototype') : undefined;
}

/**
 * The first that would not be kept as it was sent: a number beyond all bounds, as `1e999`, or with more digits than a
 * number here holds, or what is given under one name more than once. Undefined where there is none.
 */
export function findLost(root: unknown): Problem | undefined {
  const lost = lossOf(root);
  if (lost !== undefined) return { path: '', message: lost };
  let message: string | undefined;
  const path = find(root, (value, at) => {
    const name = Object.keys(value).find((one) => (message = lossOf(value[one as never])) !== undefined);
    return name === undefined ? undefined : inside(at, name);
  });
  return path === undefined || message === undefined ? undefined : { path, message };
}

/** What is wrong with a name that is given more than once. */
export const REPEATED = 'is given more than once in one object, and all but one would be lost; send it once';
const POISON = 'is not accepted as a name, as it would change what it is copied into; rename it';

/** What is wrong with what would not be kept; undefined with all that is. */
function lossOf(value: unknown): string | undefined {
  if (value instanceof RepeatedName) return REPEATED;
  if (value instanceof WrittenNumber) return Number.isFinite(Number(value.source)) ? inexact(value.source) : INFINITE;
  return typeof value === 'number' && !Number.isFinite(value) ? INFINITE : undefined;
}

const INFINITE = 'is a number that is too large to be told from infinity; send a smaller one, or a text';

function inexact(source: string): string {
  const shown = source.length > MOST_SHOWN ? `${source.slice(0, MOST_SHOWN)}…` : source;
  return `is ${shown}, and a number keeps only ${Number(source)} of it; send it as a text, between quotes`;
}

const MOST_SHOWN = 40;

/** Looks at every object and list, however deep or long: without recursion, and nothing is spread. */
function find(root: unknown, look: (value: object, path: string) => string | undefined): string | undefined {
  if (typeof root !== 'object' || root === null) return undefined;
  const values: object[] = [root];
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    // Hardly ever is anything found, and only then are the paths of any use.
    if (look(value, '') !== undefined) return findWithPath(root, look);
    pushInner(value, values);
  }
  return undefined;
}

function pushInner(value: object, values: object[]): void {
  for (const name of Object.keys(value)) {
    const inner: unknown = value[name as never];
    if (typeof inner === 'object' && inner !== null) values.push(inner);
  }
}

function findWithPath(root: object, look: (value: object, path: string) => string | undefined): string | undefined {
  const values: object[] = [root];
  const paths: string[] = [''];
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    const path = paths.pop() ?? '';
    const found = look(value, path);
    if (found !== undefined) return found;
    for (const name of Object.keys(value)) {
      const inner: unknown = value[name as never];
      if (typeof inner !== 'object' || inner === null) continue;
      values.push(inner);
      paths.push(inside(path, name));
    }
  }
  return undefined;
}

/** The path of a member of what lies at a path. */
export function inside(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
