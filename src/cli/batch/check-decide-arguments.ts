import { CommandFailed } from '../../errors.js';
import type { BatchOptions } from './decide-batch.js';

const OF_BATCH = {
  out: 'out',
  id: 'id',
  format: 'format',
  strict: 'strict',
  batchId: 'batch-id',
  hold: 'hold',
} as const;

/** Throws `CommandFailed` where the arguments of `usher decide` are for one visitor and many at once, or neither. */
export function checkDecideArguments(
  visitor: string | undefined,
  placements: readonly string[],
  options: BatchOptions,
): void {
  if (options.batch === undefined) checkOne(visitor, placements, options);
  else if (visitor !== undefined)
    throw new CommandFailed(
      `With --batch the rows say who, and --placement what: "${[visitor, ...placements].join(' ')}" is one too many.`,
    );
}

function checkOne(visitor: string | undefined, placements: readonly string[], options: BatchOptions): void {
  if (visitor === undefined || placements.length === 0)
    throw new CommandFailed('Say who and what, such as: usher decide u-9 home.hero. Many are asked for with --batch.');
  const names = Object.keys(OF_BATCH) as (keyof typeof OF_BATCH)[];
  const stray = names.find((name) => options[name] !== undefined);
  if (stray !== undefined || (options.placement ?? []).length > 0)
    throw new CommandFailed(`--${stray ? OF_BATCH[stray] : 'placement'} goes with --batch FILE alone.`);
}
