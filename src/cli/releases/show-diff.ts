import { styleText } from 'node:util';
import { CommandFailed } from '../../errors.js';
import { counted } from '../../words/counted.js';
import type { DiffAnswer } from './answers.js';
import { ReleaseClient, versionOf, type ReleaseOptions } from './release-client.js';

/** The options of `usher diff`. */
export interface DiffOptions extends ReleaseOptions {
  /** Only which files differ. */
  readonly stat?: boolean;
}

/**
 * `usher diff [from] [to]`: prints what differs between two releases, from the live one to the latest where none is
 * named.
 */
export async function showDiff(
  [from, to]: readonly [from: string | undefined, to: string | undefined],
  options: DiffOptions,
  print: (text: string) => void,
): Promise<number> {
  const client = new ReleaseClient(options);
  const [first, second] = [
    from === undefined ? await live(client) : versionOf(from),
    to === undefined ? await latest(client) : versionOf(to),
  ];
  const diff = (await client.get(`diff?from=${first}&to=${second}`)) as DiffAnswer;
  print(options.json ? JSON.stringify(diff, null, 2) : diffText(diff, options));
  return 0;
}

async function live(client: ReleaseClient): Promise<number> {
  const { live: version } = await client.rollout();
  if (version !== undefined) return version;
  throw new CommandFailed('Nothing is live yet. Name two releases: usher diff 1 2');
}

async function latest(client: ReleaseClient): Promise<number> {
  const [release] = await client.releases(1);
  if (release) return release.version;
  throw new CommandFailed('No release was published yet. Make one with: usher publish -m "The first"');
}

function diffText({ from, to, files }: DiffAnswer, { stat = false }: DiffOptions): string {
  if (files.length === 0) return `Release ${from} and release ${to} have the same files.`;
  const blocks = files.map((file) =>
    stat
      ? `${SIGNS[file.change]} ${file.path}${revisionText(file)}`
      : `${styleText('bold', `${file.change}: ${file.path}${revisionText(file)}`)}\n${coloured(file.diff)}`,
  );
  const count = (change: string): number => files.filter((file) => file.change === change).length;
  const summary =
    `From release ${from} to ${to}: ${counted(count('changed'), 'file')} changed, ${count('added')} added, ` +
    `${count('removed')} removed.`;
  return [...blocks, summary].join(stat ? '\n' : '\n\n');
}

const SIGNS = { added: 'A', removed: 'D', changed: 'M' } as const;

/** The releases in which the file last changed. */
function revisionText({ from, to }: DiffAnswer['files'][number]): string {
  const known = [from, to].filter((one) => one !== undefined);
  return known.length === 0 ? '' : ` (revision ${known.join(' → ')})`;
}

function coloured(diff: string): string {
  return diff.trimEnd().split('\n').map(lineText).join('\n');
}

function lineText(line: string): string {
  if (line.startsWith('@@')) return styleText('cyan', line);
  if (line.startsWith('+')) return styleText('green', line);
  return line.startsWith('-') ? styleText('red', line) : line;
}
