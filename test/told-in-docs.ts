/** What code has and documents tell: read from both, and compared. */

/** What `defined` has and `documented` lacks, and the other way round. */
export function disagreements(
  defined: Iterable<string>,
  documented: Iterable<string>,
  [code, docs]: readonly [string, string],
): string[] {
  const [inCode, inDocs] = [new Set(defined), new Set(documented)];
  return [
    ...[...inCode].filter((word) => !inDocs.has(word)).map((word) => `${word}: in ${code}, missing in ${docs}`),
    ...[...inDocs].filter((word) => !inCode.has(word)).map((word) => `${word}: in ${docs}, missing in ${code}`),
  ];
}

/** The rows of the first table below a heading, as the texts of their cells; a code span is stripped of its ticks. */
export function tableBelow(markdown: string, heading: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '').trim() === heading);
  if (start < 0) return [];
  const below = lines.slice(start + 1);
  const end = below.findIndex((line) => line.startsWith('#'));
  const rows = below.slice(0, end < 0 ? undefined : end).filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  );
}

/** The words of `type Name = 'a' | 'b'` in a source text. */
export function unionWords(source: string, name: string): string[] {
  const found = new RegExp(`type ${name} =([^;]*);`).exec(source)?.[1] ?? '';
  return [...found.matchAll(/'([^']+)'/g)].map(([, word]) => word ?? '');
}

/** The environment variables that functions ask for when they are given one that has none. */
export function settingsAskedFor(readers: readonly ((env: NodeJS.ProcessEnv) => unknown)[]): Set<string> {
  const asked = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, name) => void asked.add(String(name)) });
  for (const read of readers) read(env);
  return asked;
}

/** The metrics that a source text makes, as Prometheus names them. */
export function metricsMade(source: string): string[] {
  const made = source.matchAll(/\.create(?:Observable)?(Counter|UpDownCounter|Histogram|Gauge)\(\s*'([^']+)'/g);
  return [...made].map(([, kind, name = '']) => `${name.replaceAll('.', '_')}${kind === 'Counter' ? '_total' : ''}`);
}
