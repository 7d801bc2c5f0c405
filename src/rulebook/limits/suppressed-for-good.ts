import { parseDuration, type Millis } from '../../engine/language/millis.js';
import { instant } from '../read/instant.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';
import type { PolicyPart } from './policy-of-offer.js';

/** An offer, and what keeps it away. */
export interface SuppressedOffer {
  readonly offer: RuleFile;
  readonly suppression: readonly PolicyPart[];
  /** Whether there are others of its group. */
  readonly isInCompany: boolean;
  /** The contact policy. */
  readonly policy: RuleFile;
}

/** Warns where an offer that was shown once stays away so long that it is as good as never made again. */
export function suppressedForGood(suppressed: SuppressedOffer, warnings: Findings): void {
  const { offer, suppression, isInCompany, policy } = suppressed;
  const atOnce = suppression.filter(({ node }) => isAtOnce(node));
  for (const { node } of atOnce) {
    const [own, ofGroup] = [node.get('for'), node.get('group')];
    if (own && millisOf(own) >= YEAR_MS) warnings.add(policy, own.offset, `${forGood('it', own)}; ${REMEDY}`);
    if (isInCompany && ofGroup && millisOf(ofGroup) >= YEAR_MS)
      warnings.add(policy, ofGroup.offset, `${forGood('another of its group', ofGroup)}; write a shorter "group"`);
  }
  const schedule = offer.root?.get('schedule');
  const longer = atOnce.find(({ node }) => millisOf(node.get('for')) >= lengthOf(schedule));
  if (offer.root && longer)
    warnings.add(
      offer,
      offer.root.keyOffset('schedule'),
      `whoever was shown this offer once is not offered it again while it is in force: ${longer.at} of ` +
        `policies/contact keeps it away for ${longer.node.get('for')?.text}, which is as long as its schedule or ` +
        `longer; ${exempt(offer.id)}`,
    );
}

/** No contact is remembered for two. */
const YEAR_MS = 365 * 86_400_000;

const REMEDY = 'write a shorter "for", or say how often it may be shown by "caps" of the offers';

/** Whether it takes no more than that the offer was shown. */
function isAtOnce(suppression: SourceNode): boolean {
  const times = suppression.get('times')?.value ?? 1;
  return suppression.get('after')?.text === 'shown' && times === 1;
}

function forGood(what: string, { text }: SourceNode): string {
  return `an offer stays away for ${text} from whoever was shown ${what} once, which is as good as for ever`;
}

function exempt(id: string): string {
  return `shorten it for this offer: "offers": { "${id}": { "suppression": [ … ] } }`;
}

/** 0 where it is none. */
function millisOf(duration: SourceNode | undefined): Millis {
  return duration?.text === undefined ? 0 : (parseDuration(duration.text) ?? 0);
}

/** Infinite where it does not begin or does not end, or can't be read. */
function lengthOf(schedule: SourceNode | undefined): Millis {
  const [from, until, timeZone] = ['from', 'until', 'timeZone'].map((name) => schedule?.get(name)?.text);
  if (from === undefined || until === undefined) return Infinity;
  const length = instant(until, timeZone) - instant(from, timeZone);
  return length > 0 ? length : Infinity;
}
