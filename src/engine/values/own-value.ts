const { getPrototypeOf, hasOwn, prototype } = Object;

/**
 * Reads what an object has of its own under a name. Of a plain object that is what stands there, unless every object
 * has something by that name; to ask only where it matters is three times as fast.
 */
export function ownValue(name: string): (value: object) => unknown {
  const inherited = name in prototype;
  return (value) => {
    if (!inherited && getPrototypeOf(value) === prototype) return (value as Record<string, unknown>)[name];
    return hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  };
}
