import type { DecidedItem, PlacementDecision } from '../engine/answer.js';
import type { DecisionAnswer } from './decision-answer.js';

/** Of ids of offers, rules and placements, and of digests: rules have few. */
const MOST_QUOTED = 10_000;

/** Printable ASCII but the two characters that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

const quoted = new Map<string, string>();
const frozen = new WeakMap<object, string>();

/** Makes the token of an item. */
export type TokenOf = (placement: string, offer: string) => string;

/**
 * Decisions as `JSON.stringify` writes them, letter for letter, at a third of its cost: what a rulebook says, and is
 * the same in each answer, is written once. Each item gets its token where there is somebody to make it.
 */
export function decisionsText(decisions: readonly PlacementDecision[], tokenOf?: TokenOf): string {
  let text = '';
  for (const { placement, reason, items } of decisions) {
    if (text !== '') text += ',';
    text +=
      `{"placement":${quoteOnce(placement)},"reason":"${reason}",` +
      `"items":${itemsText(items, tokenOf && ((offer) => tokenOf(placement, offer)))}}`;
  }
  return `[${text}]`;
}

/** An answer as `JSON.stringify` writes it, given the text of its decisions. */
export function answerText(answer: DecisionAnswer, decisions: string): string {
  const { decisionId, visitorId, guarded, rulebook, served, seenAs, explanation, elapsedMs } = answer;
  return (
    `{"decisionId":"${decisionId}","visitorId":${quote(visitorId)}` +
    (guarded ? ',"guarded":true' : '') +
    `,"rulebook":{"version":${rulebook.version},"digest":${quoteOnce(rulebook.digest)}},"served":"${served}"` +
    (seenAs ? `,"seenAs":"${seenAs}"` : '') +
    eventsText(answer) +
    `,"decisions":${decisions}` +
    (explanation ? `,"explanation":${JSON.stringify(explanation)}` : '') +
    `,"elapsedMs":${elapsedMs}}`
  );
}

function eventsText({ events, eventOutcomes }: DecisionAnswer): string {
  const text = events ? `,"events":"${events}"` : '';
  return eventOutcomes ? `${text},"eventOutcomes":${JSON.stringify(eventOutcomes)}` : text;
}

function itemsText(items: readonly DecidedItem[], tokenOf: ((offer: string) => string) | undefined): string {
  let text = '';
  for (const { offer, rule, reason, content, actions, as, score, propensity } of items) {
    if (text !== '') text += ',';
    text +=
      `{"offer":${quoteOnce(offer)}${rule === undefined ? '' : `,"rule":${quoteOnce(rule)}`},"reason":"${reason}"` +
      `,"content":${partText(content)},"actions":${partText(actions)}${as === undefined ? '' : `,"as":"${as}"`}` +
      `,"score":${numberText(score)},"propensity":${numberText(propensity)}` +
      `${tokenOf ? `,"token":"${tokenOf(offer)}"` : ''}}`;
  }
  return `[${text}]`;
}

/** What is constant in a rulebook is frozen, and whatever is in it too. */
function partText(part: DecidedItem['content'] | DecidedItem['actions']): string {
  const known = frozen.get(part);
  if (known !== undefined) return known;
  const text = JSON.stringify(part);
  if (Object.isFrozen(part)) frozen.set(part, text);
  return text;
}

function numberText(number: number): string {
  return Number.isFinite(number) ? `${number}` : 'null';
}

/** Of what is nobody's: it stays here. */
function quoteOnce(text: string): string {
  const known = quoted.get(text);
  if (known !== undefined) return known;
  if (quoted.size >= MOST_QUOTED) quoted.clear();
  const json = JSON.stringify(text);
  quoted.set(text, json);
  return json;
}

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
