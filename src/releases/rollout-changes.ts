import { RolloutRefused } from '../errors.js';
import type { ReleaseEvent, Rollout } from '../stores/release-store.js';

/** What a release may serve as; the share of a canary is in percent, above 0 and up to 100. */
export type Activation =
  { readonly as: 'live' } | { readonly as: 'canary'; readonly share: number } | { readonly as: 'shadow' };

/** The next rollout, with what its line of the log says of it. */
export interface RolloutStep {
  readonly next: Rollout;
  readonly told: Pick<ReleaseEvent, 'action' | 'version' | 'as' | 'share'>;
}

/** How many releases back a rollback can go. */
const MAX_BEFORE = 100;

/** Has a release serve; undefined where it does so already. Throws {@link RolloutRefused} for what makes no sense. */
export function activated(now: Rollout, version: number, activation: Activation): RolloutStep | undefined {
  const told = { action: 'activate', version, ...activation } as const;
  if (activation.as === 'live')
    return now.live === version ? undefined : { next: nextOf(now, { live: version, before: withLive(now) }), told };
  refuseBeside(now, version, activation.as);
  if (activation.as === 'shadow')
    return now.shadow?.version === version ? undefined : { next: nextOf(now, { shadow: { version } }), told };
  const { share } = activation;
  if (now.canary?.version === version && now.canary.share === share) return undefined;
  return { next: nextOf(now, { canary: { version, share } }), told };
}

/** Ends the canary or the shadow. Throws {@link RolloutRefused} where there is none. */
export function ended(now: Rollout, as: 'canary' | 'shadow'): RolloutStep {
  const version = now[as]?.version;
  if (version === undefined) throw new RolloutRefused(`There is no ${as} to end. ${served(now)}`);
  return { next: nextOf(now, { [as]: undefined }), told: { action: 'end', version, as } };
}

/** Ends the canary, else has the release live that was before. Throws {@link RolloutRefused} where there is neither. */
export function rolledBack(now: Rollout): RolloutStep {
  if (now.canary)
    return {
      next: nextOf(now, { canary: undefined }),
      told: { action: 'rollback', version: now.canary.version, as: 'canary' },
    };
  const [live, ...before] = now.before;
  if (live === undefined)
    throw new RolloutRefused(`There is nothing to roll back to: no release was live before. ${served(now)}`);
  return { next: nextOf(now, { live, before }), told: { action: 'rollback', version: live, as: 'live' } };
}

/** What becomes live is no longer tried beside it. */
function nextOf(now: Rollout, changes: Partial<Rollout>): Rollout {
  const next = { ...now, ...changes, revision: now.revision + 1 };
  return {
    ...next,
    canary: next.canary?.version === next.live ? undefined : next.canary,
    shadow: next.shadow?.version === next.live ? undefined : next.shadow,
  };
}

function withLive({ live, before }: Rollout): readonly number[] {
  return live === undefined ? before : [live, ...before].slice(0, MAX_BEFORE);
}

function refuseBeside(now: Rollout, version: number, as: 'canary' | 'shadow'): void {
  if (now.live === undefined)
    throw new RolloutRefused(
      `Nothing is live yet that release ${version} could be a ${as} beside. Make a release live first.`,
    );
  if (now.live === version)
    throw new RolloutRefused(
      `Release ${version} is live already, so it can't be the ${as} beside itself. ${served(now)}`,
    );
}

function served({ live, canary, shadow }: Rollout): string {
  const beside = [
    canary && `release ${canary.version} is the canary`,
    shadow && `release ${shadow.version} is the shadow`,
  ].filter((one) => one !== undefined);
  return [
    live === undefined ? 'Nothing is live.' : `Release ${live} is live.`,
    ...beside.map((one) => `R${one.slice(1)}.`),
  ].join(' ');
}
