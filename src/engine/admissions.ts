import type { Admissions, Rule, Rulebook } from './rulebook.js';

/** Gathered when a placement is first asked for. */
export function admissionsOf(rules: ReadonlyMap<string, readonly Rule[]>): Rulebook['admissions'] {
  const gathered = new Map<string, Admissions>();
  return (placement) => {
    const known = gathered.get(placement);
    if (known) return known;
    const made = gatherAdmissions(rules.get(placement) ?? []);
    gathered.set(placement, made);
    return made;
  };
}

function gatherAdmissions(rules: readonly Rule[]): Admissions {
  const numbers = new Map([...new Set(rules.map(({ offer }) => offer))].map((offer, number) => [offer, number]));
  const always = rules.every(({ window }) => window.from === -Infinity && window.until === Infinity);
  return {
    offers: Int32Array.from(rules, ({ offer }) => numbers.get(offer) ?? -1),
    windows: always ? undefined : Float64Array.from(rules.flatMap(({ window }) => [window.from, window.until])),
  };
}
