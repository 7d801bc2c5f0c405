/** How often json-rules-engine gave no answer, by the kind of its failure. */
export type Failures = Map<string, number>;

/**
 * All that json-rules-engine is known to throw. Nothing can be compared then; whatever else it throws may be a fault of
 * ours, and fails the run.
 */
const KNOWN: readonly { readonly kind: string; readonly says: RegExp }[] = [
  { kind: 'an operator of ours that it does not have', says: /^Error: Unknown operator: / },
  { kind: 'an object that is no text', says: /^TypeError: Cannot convert object to primitive value$/ },
  { kind: 'a list that is none', says: /^TypeError: \S+\.(?:indexOf|some|every) is not a function$/ },
  {
    kind: 'a list that is not there',
    says: /^TypeError: Cannot read properties of (?:undefined|null) \(reading '(?:indexOf|some|every)'\)$/,
  },
  { kind: 'a path called as what every object has', says: /^TypeError: cache\[expr\]\.concat is not a function$/ },
];

/** Counts a failure that is known, to be handed to `catch`: there is no answer then. Throws any other again. */
export function countKnown(failures: Failures): (error: unknown) => undefined {
  return (error) => {
    const kind = KNOWN.find(({ says }) => says.test(String(error)))?.kind;
    if (kind === undefined) throw error;
    failures.set(kind, (failures.get(kind) ?? 0) + 1);
  };
}
