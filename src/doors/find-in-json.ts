/** Where a member is that would become the prototype of what it is copied into; undefined where there is none. */
export function findPoison(root: unknown): string | undefined {
  return find(root, (value, path) => {
    if (Object.hasOwn(value, '__proto__')) return inside(path, '__proto__');
    const maker: unknown = Object.hasOwn(value, 'constructor') ? value['constructor' as never] : undefined;
    const isPoisoned = typeof maker === 'object' && maker !== null && Object.hasOwn(maker, 'prototype');
    return isPoisoned ? inside(path, 'constructor.prototype') : undefined;
  });
}

/** Where a number is that is beyond all bounds, as JSON such as `1e999` is read; undefined where there is none. */
export function findInfinite(root: unknown): string | undefined {
  if (isInfinite(root)) return '';
  return find(root, (value, path) => {
    const name = Object.keys(value).find((one) => isInfinite(value[one as never]));
    return name === undefined ? undefined : inside(path, name);
  });
}

/** What is wrong with what {@link findPoison} finds. */
export const POISON = 'is not accepted as a name, as it would change what it is copied into; rename it';

/** What is wrong with what {@link findInfinite} finds. */
export const INFINITE = 'is a number that is too large to be told from infinity; send a smaller one, or a text';

function isInfinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** Looks at every object and list, however deep or long: without recursion, and nothing is spread. */
function find(root: unknown, look: (value: object, path: string) => string | undefined): string | undefined {
  if (typeof root !== 'object' || root === null) return undefined;
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

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
