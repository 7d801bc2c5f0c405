/** After the last test. */
export default async function removeBuilt() {
  await globalThis.removeBuilt();
}
