import { RenderError } from 'liquidjs';

/** Ends the rendering of a template that would leave a hole, and says why; the renderer drops the item. */
export class MissingValue extends Error {
  override readonly name = 'MissingValue';
}

/** Why the rendering of a treatment came to nothing, in plain words. */
export function whyMissing(error: unknown): string {
  const cause = error instanceof RenderError ? error.originalError : error;
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof URIError)
    return "a value can't go into an address or come from one: it has half a surrogate pair, or a % without a code";
  const variable = /^undefined variable: (.*?)(?:, line:.*)?$/s.exec(cause.message)?.[1];
  return variable === undefined ? cause.message : `${variable} has no value`;
}
