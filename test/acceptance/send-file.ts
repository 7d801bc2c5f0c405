import { join } from 'node:path';
import { runUsher } from './usher-process.ts';

/** The summary that `usher track` and `usher import` print with `--json`. */
export interface Summary {
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly visitors: number;
  readonly rowsPerSecond: number;
}

/** Runs `usher track` or `usher import` on a file, with the mapping of that name in this folder. */
export async function sendFile(
  command: 'track' | 'import',
  file: string,
  to: { readonly url: string; readonly map: string },
): Promise<Summary> {
  const map = join(import.meta.dirname, to.map);
  const { code, stdout, stderr } = await runUsher([command, file, '--map', map, '--url', to.url, '--json']);
  if (code !== 0) throw new Error(`usher ${command} ended with ${code}: ${stderr || stdout}`);
  return JSON.parse(stdout) as Summary;
}
