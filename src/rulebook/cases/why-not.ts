import { consentState } from '../../engine/visitor/consent.js';
import { startRun, type DecideInput, type PlacedRun } from '../../engine/decision-run.js';
import type { Definitions } from '../../engine/language/definitions.js';
import { channelOf, isWithin } from '../../engine/match-rules.js';
import { gateFor } from '../../engine/policy.js';
import { renderOffer } from '../../engine/render.js';
import type { Offer, Rule } from '../../engine/rulebook.js';

/** What a case was decided from; it tells why an offer is not there. */
export interface CaseWorld {
  readonly definitions: Definitions;
  readonly input: DecideInput;
}

/** Why an offer was not decided for a placement, in one sentence. */
export function whyNot(placement: string, offer: string, { definitions, input }: CaseWorld): string {
  const status = definitions.offers.get(offer)?.status ?? 'live';
  if (status !== 'live') return `${offer} is ${status}`;
  const rules = (input.rulebook.rules.get(placement) ?? []).filter((rule) => rule.offer === offer);
  if (rules.length === 0) return `no live rule puts ${offer} forward there`;
  const asked = input.rulebook.placements.get(placement);
  const found = input.rulebook.offers.get(offer);
  return asked
    ? startRun(input).in(asked, (run) => rules.map((rule) => whyNotBy(rule, found, run)).join('; '))
    : `there is no placement ${placement}`;
}

function whyNotBy(rule: Rule, offer: Offer | undefined, run: PlacedRun): string {
  const { input } = run;
  if (!isWithin(rule.window, input.now)) return `${rule.id} is out of its schedule`;
  if (rule.channels && !rule.channels.has(channelOf(input) ?? ''))
    return `${rule.id} does not speak for the channel ${channelOf(input) ?? '(none)'}`;
  if (!run.holds(rule.when)) return `the conditions of ${rule.id} do not hold`;
  if (!offer) return `${rule.id} holds, but its offer is not there`;
  const gate = gateFor({ offer, rule }, run);
  if (gate !== undefined)
    return `${rule.id} holds, but ${offer.id} is stopped: ${gate}${gate === 'NO_CONSENT' ? consentText(offer, run) : ''}`;
  if (!renderOffer(offer, run))
    return `${rule.id} holds, but a value that the templates of ${offer.id} need is missing`;
  return `${rule.id} holds, but others come first (its priority is ${rule.priority})`;
}

function consentText({ consent = '' }: Offer, { input }: PlacedRun): string {
  return ` to ${consent} (${consentState(consent, input).toLowerCase()})`;
}
