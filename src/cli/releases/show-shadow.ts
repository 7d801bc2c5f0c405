import { CommandFailed } from '../../errors.js';
import { counted } from '../../words/counted.js';
import type { ShadowAnswer } from './answers.js';
import { ReleaseClient, versionOf, type ReleaseOptions } from './release-client.js';

/**
 * `usher shadow [version]`: prints what a shadow release would have decided otherwise, the present one where none is
 * named.
 */
export async function showShadow(
  version: string | undefined,
  options: ReleaseOptions,
  print: (text: string) => void,
): Promise<number> {
  const client = new ReleaseClient(options);
  const wanted = version === undefined ? (await client.rollout()).shadow?.version : versionOf(version);
  if (wanted === undefined)
    throw new CommandFailed(
      'There is no shadow now. Name an earlier one, such as usher shadow 4, or begin one: usher activate 4 --as shadow',
    );
  const report = (await client.get(`releases/${wanted}/shadow`)) as ShadowAnswer;
  print(options.json ? JSON.stringify(report, null, 2) : shadowText(report));
  return 0;
}

function shadowText({ version, compared, skipped, failed, others, differences }: ShadowAnswer): string {
  const differing = differences.reduce((sum, { count }) => sum + count, others);
  const share = compared === 0 ? '' : ` (${((differing / compared) * 100).toFixed(2)} %)`;
  return [
    `Release ${version} was compared for ${counted(compared, 'placement')}; ` +
      `${counted(differing, 'of them differs', 'of them differ')}${share}.`,
    ...(skipped > 0 ? [`${counted(skipped, 'decision')} passed over: too many at once.`] : []),
    ...(failed > 0 ? [`${counted(failed, 'decision')} it could not make; the log of the service says why.`] : []),
    ...differences.map(
      ({ live, placement, from, to, count }) =>
        `${counted(count, 'time')}: ${placement}: ${offersText(from)} → ` +
        `${offersText(to)}${same(from, to)}  (beside release ${live})`,
    ),
    ...(others > 0 ? [`${counted(others, 'time')}: other differences, of too many kinds to tell apart`] : []),
  ].join('\n');
}

function offersText(offers: readonly string[]): string {
  return offers.length === 0 ? 'nothing' : offers.join(', ');
}

function same(from: readonly string[], to: readonly string[]): string {
  return JSON.stringify(from) === JSON.stringify(to) ? ', told otherwise or by another rule' : '';
}
