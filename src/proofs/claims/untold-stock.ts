import type { Proof } from '../logic/proof.js';
import type { RuleSet } from './rule-set.js';

/** Offers with a stock: how many there are stands in no file, and nobody gets what was never said to be there. */
export function untoldStock({ offers }: RuleSet): Proof[] {
  return [...offers.values()]
    .filter(({ definition }) => definition.stock !== undefined)
    .map(({ offer: { id } }) => ({
      kind: 'untold-stock',
      severity: 'note',
      at: { kind: 'offers', id, path: ['stock'] },
      message:
        'no file says how many there are, and nobody gets this offer before the service is told: ' +
        `PUT /v1/offers/${id}/stock with { "left": 12 }`,
    }));
}
