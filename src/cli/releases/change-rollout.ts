import { CommandFailed } from '../../errors.js';
import type { RolloutAnswer } from './answers.js';
import { rolloutText } from './print-rollout.js';
import { ReleaseClient, versionOf, wholeNumber, type ReleaseOptions } from './release-client.js';

/** The options of `usher activate`. */
export interface ActivateOptions extends ReleaseOptions {
  /** `live`, `canary` or `shadow`. */
  readonly as: string;
  /** Of a canary, in percent. */
  readonly share?: string;
}

type Print = (text: string) => void;

interface ChangeOptions extends ReleaseOptions {
  /** Whether asking twice comes to the same. */
  readonly repeatable?: boolean;
}

/** `usher activate N`: has a release serve, and prints what serves then. */
export async function activateRelease(version: string, options: ActivateOptions, print: Print): Promise<number> {
  const { as, share } = options;
  if (as === 'canary' && share === undefined)
    throw new CommandFailed('A canary needs --share, the share of the visitors in percent, such as --share 10.');
  const body = { as, ...(share !== undefined && { share: shareOf(share) }) };
  return changed(`releases/${versionOf(version)}/activate`, body, { ...options, repeatable: true }, print);
}

/** The options of `usher rollback`. */
export interface RollbackOptions extends ReleaseOptions {
  /** The revision of what serves that is to be undone; what serves now when absent. */
  readonly revision?: string;
}

/**
 * `usher rollback`: ends the canary, or has the release live that was before, and prints what serves then. It names the
 * revision that it undoes, so that it goes back one even where the answer is lost and it has to ask again.
 */
export async function rollBack(options: RollbackOptions, print: Print): Promise<number> {
  const client = new ReleaseClient(options);
  const revision = options.revision === undefined ? (await client.rollout()).revision : revisionOf(options.revision);
  return changed('rollback', { revision }, { ...options, repeatable: true }, print).catch((error: unknown) => {
    if (!(error instanceof CommandFailed)) throw error;
    throw new CommandFailed(
      `${error.message}\nIf it is not clear whether it was done, repeat it as: usher rollback --revision ${revision}`,
    );
  });
}

/** `usher end canary|shadow`: ends it, and prints what serves then. */
export function endRelease(as: string, options: ReleaseOptions, print: Print): Promise<number> {
  return changed('end', { as }, options, print);
}

async function changed(path: string, body: object, options: ChangeOptions, print: Print): Promise<number> {
  const rollout = (await new ReleaseClient(options).post(path, body, options)) as RolloutAnswer;
  print(options.json ? JSON.stringify(rollout, null, 2) : rolloutText(rollout));
  return 0;
}

function revisionOf(text: string): number {
  return text === '0' ? 0 : wholeNumber(text, '--revision');
}

function shareOf(text: string): number {
  const share = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && share > 0 && share <= 100) return share;
  throw new CommandFailed(`--share is in percent, above 0 and up to 100, and "${text}" is not.`);
}
