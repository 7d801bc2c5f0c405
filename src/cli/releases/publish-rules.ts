import { styleText } from 'node:util';
import { readFolder } from '../../releases/release-folder.js';
import { problemText } from '../../rulebook/read/rule-problem.js';
import { counted } from '../../words/counted.js';
import type { PublishAnswer, RolloutAnswer } from './answers.js';
import { rolloutText } from './print-rollout.js';
import { ReleaseClient, type ReleaseOptions } from './release-client.js';

/** The options of `usher publish`. */
export interface PublishOptions extends ReleaseOptions {
  /** What changes, and why. */
  readonly message: string;
  readonly author?: string;
  /** Makes it live at once. */
  readonly activate?: boolean;
}

/**
 * `usher publish [dir]`: has the service make a release of a folder; gives the exit code, 1 where the folder can't be
 * one.
 */
export async function publishRules(
  dir: string,
  options: PublishOptions,
  print: (text: string) => void,
): Promise<number> {
  const { files, problems } = readFolder(dir);
  if (problems.length > 0) {
    print(options.json ? JSON.stringify({ problems }, null, 2) : problems.map(problemText).join('\n'));
    return 1;
  }
  const { message, author } = options;
  const client = new ReleaseClient(options);
  const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  const published = (await client.post('releases', {
    files: texts,
    message,
    ...(author !== undefined && { author }),
  })) as PublishAnswer;
  const rollout = options.activate
    ? ((await client.post(`releases/${published.version}/activate`, { as: 'live' })) as RolloutAnswer)
    : undefined;
  print(
    options.json
      ? JSON.stringify({ ...published, ...(rollout && { rollout }) }, null, 2)
      : publishText(published, rollout),
  );
  return 0;
}

function publishText({ version, isNew, fileCount, notes }: PublishAnswer, rollout: RolloutAnswer | undefined): string {
  const mark = styleText('green', '✓');
  const outcome = isNew
    ? `${mark} Release ${version} is published: ${counted(fileCount, 'file')}.`
    : `${mark} Nothing changed: release ${version}, the latest, has these very files. Your message is in the log.`;
  const next =
    `Have it serve:  usher activate ${version}\n` + `Try it first:   usher activate ${version} --as canary --share 10`;
  return [
    outcome,
    ...notes.map((note) => styleText('dim', `note: ${note}`)),
    rollout ? rolloutText(rollout) : next,
  ].join('\n');
}
