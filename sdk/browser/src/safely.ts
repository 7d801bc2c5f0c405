/** The same function, but that nothing it throws reaches the page: then it gives undefined. */
export function safely<Args extends unknown[], Given>(
  work: (...args: Args) => Given,
): (...args: Args) => Given | undefined {
  return (...args) => {
    try {
      return work(...args);
    } catch {
      return undefined;
    }
  };
}
