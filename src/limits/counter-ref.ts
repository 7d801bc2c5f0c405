/** How a counter in the store names an item that was decided: by the number that the person's contacts name it by. */
export function counterRef(ref: number): string {
  return ref.toString(36);
}
