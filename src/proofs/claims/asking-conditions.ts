import type { Condition } from '../../engine/language/condition-definition.js';
import type { Address } from '../logic/proof.js';
import type { RuleSet } from './rule-set.js';

/** A condition as it is written, and where. */
export interface Asking {
  readonly condition: Condition;
  readonly at: Address;
}

/** Every condition that is written: of rules, of segments, and of the eligibility of offers. */
export function askingConditions({ definitions, offers, rules }: RuleSet): Asking[] {
  return [
    ...rules.map(({ id, written }): Asking => ({
      condition: written.conditions,
      at: { kind: 'rules', id, path: ['conditions'] },
    })),
    ...[...definitions.segments].map(([id, { conditions }]): Asking => ({
      condition: conditions,
      at: { kind: 'segments', id, path: ['conditions'] },
    })),
    ...[...offers].flatMap(([id, { definition }]): Asking[] =>
      definition.eligibility
        ? [{ condition: definition.eligibility, at: { kind: 'offers', id, path: ['eligibility'] } }]
        : [],
    ),
  ];
}
