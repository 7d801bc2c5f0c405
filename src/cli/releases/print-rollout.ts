import type { RolloutAnswer } from './answers.js';

/** What serves, for people. */
export function rolloutText({ live, canary, shadow, before }: RolloutAnswer): string {
  const earlier =
    before.length > 0 ? ` Before it: ${before.slice(0, SHOWN).join(', ')}${before.length > SHOWN ? ' …' : ''}.` : '';
  return [
    live === undefined ? 'Nothing is live.' : `Release ${live} is live.${earlier}`,
    ...(canary ? [`Release ${canary.version} is the canary, for ${canary.share} % of the visitors.`] : []),
    ...(shadow ? [`Release ${shadow.version} is the shadow: usher shadow tells what it would change.`] : []),
  ].join('\n');
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
