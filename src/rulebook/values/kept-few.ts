/** Makes something for each key once and keeps it, while there are no more than `most`; others are made each time. */
export function keptFew<T>(most: number, make: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined || kept.has(key)) return known as T;
    const made = make(key);
    if (kept.size < most) kept.set(key, made);
    return made;
  };
}
