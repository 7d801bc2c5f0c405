import type { RolloutAnswer } from './answers.js';

/** What serves, for people. */
export function rolloutText({ live, canary, shadow, before, waiting }: RolloutAnswer): string {
  const earlier =
    before.length > 0 ? ` Before it: ${before.slice(0, SHOWN).join(', ')}${before.length > SHOWN ? ' …' : ''}.` : '';
  return [
    live === undefined ? 'Nothing is live.' : `Release ${live} is live.${earlier}`,
    ...(canary ? [`Release ${canary.version} is the canary, for ${canary.share} % of the visitors.`] : []),
    ...(shadow ? [`Release ${shadow.version} is the shadow: usher shadow tells what it would change.`] : []),
    ...(waiting ? [waitingText(waiting)] : []),
  ].join('\n');
}

function waitingText({ who, version, files }: NonNullable<RolloutAnswer['waiting']>): string {
  const more = files.length > SHOWN_FILES ? `\n  and ${files.length - SHOWN_FILES} more` : '';
  return (
    `What is saved in the service's rules folder waits, as ${who} rolled back to release ${version}. Not as there:\n` +
    `${files
      .slice(0, SHOWN_FILES)
      .map((file) => `  ${file}`)
      .join('\n')}${more}\n` +
    'Have it serve once it is right:  usher publish -m "…" --activate'
  );
}

/** What a release serves as, in a word or two; empty where it does not. */
export function servesAs(version: number, { live, canary, shadow }: RolloutAnswer): string {
  const words = [
    ...(live === version ? ['live'] : []),
    ...(canary?.version === version ? [`canary ${canary.share} %`] : []),
    ...(shadow?.version === version ? ['shadow'] : []),
  ];
  return words.join(', ');
}

const SHOWN = 5;
const SHOWN_FILES = 20;
