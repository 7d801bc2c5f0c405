/** Makes something for each key once and keeps it, as long as there are no more than `most`; later ones are made anew. */
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
