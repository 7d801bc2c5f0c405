import type { Definition } from '../../engine/language/definitions.js';
import type { Address, Proof, Seen } from '../logic/proof.js';
import type { RuleSet } from './rule-set.js';

/**
 * Purposes that offers, facts or traits need, that count as denied until somebody consents, and that nobody seen so far
 * consents to.
 */
export function ungrantedConsent({ seen, offers, definitions: { consent } }: RuleSet): Proof[] {
  if (
    !seen ||
    seen.visitors === 0 ||
    Object.keys(seen.events).length + seen.traits.length + Object.keys(seen.purposes).length === 0
  )
    return [];
  const needs = [
    ...policyNeeds(consent),
    ...[...offers].flatMap(([id, { offer }]) =>
      offer.consent === undefined
        ? []
        : [{ purpose: offer.consent, what: 'this offer', at: { kind: 'offers', id, path: ['consent'] } as const }],
    ),
  ];
  return needs
    .filter(({ purpose }) => consent?.purposes[purpose]?.unknown !== 'granted' && !isGranted(seen, purpose))
    .map(({ purpose, what, at }) => ({
      kind: 'ungranted-consent',
      severity: 'warning',
      at,
      message: `${what} needs consent to "${purpose}", which no visitor seen so far has given`,
    }));
}

interface Need {
  readonly purpose: string;
  readonly what: string;
  readonly at: Address;
}

function policyNeeds({ facts = {}, traits = {} }: Partial<Definition<'consent'>> = {}): Need[] {
  const need =
    (list: 'facts' | 'traits', what: string) =>
    ([name, purpose]: readonly [string, string]): Need => ({
      purpose,
      what: `the ${what} "${name}"`,
      at: { kind: 'policies', id: 'consent', path: [list, name] },
    });
  return [...Object.entries(facts).map(need('facts', 'fact')), ...Object.entries(traits).map(need('traits', 'trait'))];
}

function isGranted({ purposes }: Seen, purpose: string): boolean {
  return Object.hasOwn(purposes, purpose) && (purposes[purpose]?.granted ?? 0) > 0;
}
