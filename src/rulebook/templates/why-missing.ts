import { RenderError } from 'liquidjs';

/** Why the rendering of a treatment came to nothing, in plain words. */
export function whyMissing(error: unknown): string {
  const cause = error instanceof RenderError ? error.originalError : error;
  if (!(cause instanceof Error)) return String(cause);
  const variable = /^undefined variable: (.*?)(?:, line:.*)?$/s.exec(cause.message)?.[1];
  return variable === undefined ? cause.message : `${variable} has no value`;
}
