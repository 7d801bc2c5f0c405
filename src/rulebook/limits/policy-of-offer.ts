import type { RuleFile } from '../read/rule-file.js';
import { textsOf } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';

/** A part of the contact policy. */
export interface PolicyPart {
  /** Where it stands, as explanations name it: `offers.loan.suppression.0`. */
  readonly at: string;
  readonly node: SourceNode;
}

/** What of the contact policy holds for an offer. */
export interface OfferPolicy {
  readonly suppression: readonly PolicyPart[];
  readonly quietHours: readonly PolicyPart[];
  readonly limits: readonly PolicyPart[];
}

/** What of the policy holds for the offer of a file; nothing where it is transactional, or there is no policy. */
export function policyOfOffer(policy: SourceNode | undefined, offer: RuleFile): OfferPolicy {
  if (!policy || offer.root?.get('transactional')?.value === true) return NONE;
  const group = offer.root?.get('group')?.text;
  return {
    suppression: partsOf('suppression', policy, { id: offer.id, group }),
    quietHours: partsOf('quietHours', policy, { id: offer.id, group }),
    limits: listed(policy.get('limits'), 'limits').filter(({ node }) => isAbout(node, offer.id, group)),
  };
}

const NONE: OfferPolicy = { suppression: [], quietHours: [], limits: [] };

/** What stands for the offer, in place of that of its group, in place of that of all. */
function partsOf(
  name: string,
  policy: SourceNode,
  { id, group }: { readonly id: string; readonly group: string | undefined },
): PolicyPart[] {
  const own = policy.get('offers')?.members.get(id)?.node.get(name);
  if (own) return listed(own, `offers.${id}.${name}`);
  const ofGroup = group === undefined ? undefined : policy.get('groups')?.members.get(group)?.node.get(name);
  return ofGroup ? listed(ofGroup, `groups.${group}.${name}`) : listed(policy.get(name), name);
}

function listed(list: SourceNode | undefined, at: string): PolicyPart[] {
  return (list?.items ?? []).map((node, place) => ({ at: `${at}.${place}`, node }));
}

function isAbout(limit: SourceNode, id: string, group: string | undefined): boolean {
  const [groups, offers] = [textsOf(limit.get('groups')), textsOf(limit.get('offers'))];
  if (groups.length === 0 && offers.length === 0) return true;
  return offers.includes(id) || (group !== undefined && groups.includes(group));
}
