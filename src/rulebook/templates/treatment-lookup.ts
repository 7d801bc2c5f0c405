import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';

/** Whether an offer can look like something in a placement: by its id, by one of the channels, or by `*`. */
export function hasTreatmentFor(offer: SourceNode, placement: string, channels: readonly string[]): boolean {
  const treatments = offer.get('treatments');
  // Treatments that are missing or not an object are a problem of the offer's shape, reported there.
  if (!treatments?.isObject) return true;
  return [placement, ...channels, '*'].some((where) => treatments.get(where));
}

/** The message about an offer that can't look like anything in a placement. */
export function noTreatment(offer: RuleFile, placement: RuleFile): string {
  const channel = placement.root?.get('channel')?.text;
  const choices = [placement.id, ...(channel === undefined ? [] : [channel]), '*'].map((choice) => `"${choice}"`);
  return (
    `the offer "${offer.id}" has no treatment for the placement "${placement.id}"; ` +
    `add ${choices.join(' or ')} to the treatments in ${offer.path}`
  );
}
