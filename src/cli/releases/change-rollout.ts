import { CommandFailed } from '../../errors.js';
import type { RolloutAnswer } from './answers.js';
import { rolloutText } from './print-rollout.js';
import { ReleaseClient, versionOf, type ReleaseOptions } from './release-client.js';

/** The options of `usher activate`. */
export interface ActivateOptions extends ReleaseOptions {
  /** `live`, `canary` or `shadow`. */
  readonly as: string;
  /** Of a canary, in percent. */
  readonly share?: string;
}

type Print = (text: string) => void;

/** `usher activate N`: has a release serve, and prints what serves then. */
export async function activateRelease(version: string, options: ActivateOptions, print: Print): Promise<number> {
  const { as, share } = options;
  if (as === 'canary' && share === undefined)
    throw new CommandFailed('A canary needs --share, the share of the visitors in percent, such as --share 10.');
  const body = { as, ...(share !== undefined && { share: shareOf(share) }) };
  return changed(`releases/${versionOf(version)}/activate`, body, options, print);
}

/** `usher rollback`: ends the canary, or has the release live that was before, and prints what serves then. */
export function rollBack(options: ReleaseOptions, print: Print): Promise<number> {
  return changed('rollback', {}, options, print);
}

/** `usher end canary|shadow`: ends it, and prints what serves then. */
export function endRelease(as: string, options: ReleaseOptions, print: Print): Promise<number> {
  return changed('end', { as }, options, print);
}

async function changed(path: string, body: object, options: ReleaseOptions, print: Print): Promise<number> {
  const rollout = (await new ReleaseClient(options).post(path, body)) as RolloutAnswer;
  print(options.json ? JSON.stringify(rollout, null, 2) : rolloutText(rollout));
  return 0;
}

function shareOf(text: string): number {
  const share = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && share > 0 && share <= 100) return share;
  throw new CommandFailed(`--share is in percent, above 0 and up to 100, and "${text}" is not.`);
}
