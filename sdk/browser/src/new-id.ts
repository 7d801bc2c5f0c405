/** A random UUID. Pages without TLS have no `crypto.randomUUID`, but every address of a blob ends in one (File API). */
export function newId(): string {
  return crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);
}
