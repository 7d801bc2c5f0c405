/** Decisions on record: how they are written down, and made again. */
import { hash } from 'node:crypto';
import type { PlacementExplanation } from '../engine/explain/explanation.js';
import type { PlacementDecision } from '../engine/answer.js';
import type { DecideInput } from '../engine/decision-run.js';
import type { KnownLimits } from '../engine/limits/known-limits.js';
import type { Rulebook } from '../engine/rulebook.js';
import { type VisitorView, visitorView } from '../engine/visitor/visitor.js';
import { CorruptDocument } from '../errors.js';
import type { RecordedInput, RecordedLimitsKnown, RecordedVisitor, VisitorState } from '../stores/recorded-inputs.js';
import { viewOfBytes } from '../visitors/documents/codec.js';
import type { SeenVisitor, VisitorSource } from '../visitors/seen-visitor.js';
import { decideSafely } from './decide-safely.js';
import type { DecisionAsk } from './decision-request.js';
import type { DecisionAnswer } from './decision-answer.js';

/** A decision that was just made, and what it was made from. */
export interface MadeDecision {
  readonly ask: DecisionAsk;
  readonly answer: DecisionAnswer;
  /** Its decisions as JSON, without tokens: written when somebody keeps them. */
  readonly decisionsText: () => string;
  /** Undefined when they could not be read. */
  readonly visitor: SeenVisitor | undefined;
  readonly input: DecideInput;
  /** To be asked the same; undefined where none is, or another served than the live one. */
  readonly shadow: Rulebook | undefined;
}

/** What is kept of a decision, so that it can be made again. */
export function toRecordedInput({
  ask,
  answer,
  decisionsText,
  visitor,
  input,
}: Omit<MadeDecision, 'shadow'>): RecordedInput {
  const { decisionId, visitorId, rulebook, served } = answer;
  const { placements, channel, context } = ask;
  return {
    ...{ decisionId, decidedAt: input.now, rulebook, visitorId, served },
    request: { placements, ...(channel !== undefined && { channel }), context },
    visitor: toRecordedVisitor(visitor),
    ...(input.limits && { limits: toRecordedLimits(input.limits) }),
    ...(input.propensities && { propensities: input.propensities }),
    answer: digestOf(decisionsText()),
  };
}

function toRecordedLimits({ spent, unknown }: KnownLimits): RecordedLimitsKnown {
  return { spent: [...spent], ...(unknown && { unknown }) };
}

/** What was known of limits in total then. */
function limitsOf({ limits }: RecordedInput): KnownLimits | undefined {
  return limits && { spent: new Map(limits.spent), ...(limits.unknown && { unknown: true }) };
}

/** The state of the visitor that a decision was made with. */
export function toVisitorState({ id, version, document }: VisitorSource): VisitorState {
  return { key: version, id, document };
}

function toRecordedVisitor(visitor: SeenVisitor | undefined): RecordedVisitor {
  if (!visitor) return { kind: 'unread' };
  if (!visitor.source) return { kind: 'stranger' };
  const { version, seenAt, retention } = visitor.source;
  return { kind: 'stored', state: version, seenAt, ...retention, ...(visitor.seenAs && { seenAs: visitor.seenAs }) };
}

/** The digest of decisions as JSON: SHA-256 in base64url. */
export function digestOf(decisions: string): string {
  return hash('sha256', decisions, 'base64url');
}

/**
 * The visitor as they were seen then; `document` is the state that the input names. Undefined where they could not be
 * read.
 */
export function recordedView(
  { visitor, visitorId }: RecordedInput,
  document: Uint8Array | undefined,
): VisitorView | undefined {
  if (visitor.kind === 'stranger') return visitorView({ visitorId });
  if (visitor.kind === 'unread' || !document) return undefined;
  try {
    return viewOfBytes(document, visitorId, visitor.seenAt, visitor);
  } catch (error) {
    if (error instanceof CorruptDocument) return undefined;
    throw error;
  }
}

/** Makes the decision again: by the rulebook that made it, the very same one. */
export function decideAgain(
  input: RecordedInput,
  visitor: VisitorView | undefined,
  rulebook: Rulebook,
): readonly PlacementDecision[] {
  return decideSafely(inputAgain(input, visitor, rulebook), DEAF).decisions;
}

function inputAgain(recorded: RecordedInput, visitor: VisitorView | undefined, rulebook: Rulebook): DecideInput {
  const { request, decidedAt: now, decisionId, propensities } = recorded;
  const limits = limitsOf(recorded);
  return {
    ...{ request, visitor, rulebook, now, decisionId },
    ...(limits && { limits }),
    ...(propensities && { propensities }),
  };
}

/** Why it came out so, for each placement that the rulebook knows, in the order asked. */
export function explainAgain(
  input: RecordedInput,
  document: Uint8Array | undefined,
  rulebook: Rulebook,
): readonly PlacementExplanation[] {
  const again = inputAgain(input, recordedView(input, document), rulebook);
  return decideSafely({ ...again, explain: true }, DEAF).explanation ?? [];
}

const DEAF = { corrupt: () => undefined, overBudget: () => undefined, unexpected: () => undefined };
