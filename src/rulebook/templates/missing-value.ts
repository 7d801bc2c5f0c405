/** Ends the rendering of a template that would leave a hole, and says why; the renderer drops the item. */
export class MissingValue extends Error {
  override readonly name = 'MissingValue';
}
