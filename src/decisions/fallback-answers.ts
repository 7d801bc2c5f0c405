import { Injectable } from '@nestjs/common';
import { decideFallbacks } from '../engine/decide.js';
import type { PlacementDecision } from '../engine/answer.js';
import { isObject } from '../engine/language/is-object.js';
import type { Rulebook } from '../engine/rulebook.js';
import { readExactly } from '../doors/exact-json.js';
import { parseJson } from '../doors/parse-json.js';
import { readId } from '../doors/read-id.js';
import { nameIn } from '../doors/read-name.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { newId } from '../visitors/writing/new-id.js';
import { NOBODYS_LIMITS } from './bound-decider.js';
import { decisionsText } from './answer-text.js';
import { millisSince, type DecisionAnswer } from './decision-answer.js';
import {
  MAX_EVENTS,
  MAX_PLACEMENTS,
  readDecisionRequest,
  refuseUnknownPlacements,
  type DecisionAsk,
} from './decision-request.js';
import { DecisionsService } from './decisions.service.js';

/** What is looked at of a request. */
type Asked = Pick<DecisionAsk, 'visitorId' | 'placements' | 'channel'> & { readonly events: readonly unknown[] };

/** Decided once for all who ask for the same. */
interface Prepared {
  readonly decisions: readonly PlacementDecision[];
  /** The same as JSON. */
  readonly text: string;
}

/** Templates may speak of the time. */
const PREPARED_FOR_MS = 1_000;
const MOST_PREPARED = 1_000;

/**
 * Answers decision requests by the fallbacks of their placements, for when there is no time for more: neither the
 * visitor nor any rule is looked at, nor the context, and nothing is kept. It costs little more than to read the
 * request and to write the answer.
 */
@Injectable()
export class FallbackAnswers {
  private prepared = new Map<string, Prepared>();
  private of: Rulebook | undefined;
  private preparedAt = -Infinity;

  constructor(
    private readonly rulebooks: RulebookService,
    private readonly decisions: DecisionsService,
  ) {}

  /**
   * A {@link DecisionAnswer} as JSON to the text of a body that came in then. Throws what is wrong with it, as whoever
   * decides does.
   */
  answer(body: string, arrivedAt: number): string {
    const asked = plainlyRead(body) ?? readDecisionRequest(parseJson(body, 'body', 'events'));
    const serving = this.rulebooks.serving();
    const rulebook = serving.for(asked.visitorId);
    refuseUnknownPlacements(asked, serving);
    const { decisions, text } = this.prepare(asked, rulebook);
    const head: Omit<DecisionAnswer, 'decisions' | 'elapsedMs'> = {
      decisionId: newId(),
      visitorId: asked.visitorId,
      rulebook: { version: rulebook.version, digest: rulebook.digest },
      served: 'fallback',
      ...(asked.events.length > 0 && {
        events: 'unconfirmed',
        eventOutcomes: asked.events.map(() => ({ outcome: 'unconfirmed' })),
      }),
    };
    const elapsedMs = millisSince(arrivedAt);
    this.decisions.telemetry.count({ served: 'fallback', decisions, elapsedMs });
    return `${JSON.stringify(head).slice(0, -1)},"decisions":${text},"elapsedMs":${elapsedMs}}`;
  }

  private prepare({ placements, channel }: Asked, rulebook: Rulebook): Prepared {
    const now = Date.now();
    if (now - this.preparedAt > PREPARED_FOR_MS || this.of !== rulebook || this.prepared.size >= MOST_PREPARED) {
      this.prepared = new Map();
      this.of = rulebook;
      this.preparedAt = now;
    }
    const key = JSON.stringify([channel, placements.map(({ id }) => id)]);
    let prepared = this.prepared.get(key);
    if (!prepared) {
      const request = { placements, context: {}, ...(channel !== undefined && { channel }) };
      const decisions = decideFallbacks({ request, visitor: undefined, rulebook, now, limits: NOBODYS_LIMITS });
      this.prepared.set(key, (prepared = { decisions, text: decisionsText(decisions) }));
    }
    return prepared;
  }
}

/**
 * What a body asks, where it is plainly in order; undefined where it has to be read with care, to be told what is wrong
 * with it. What is of no matter to the answer is not looked at.
 */
function plainlyRead(body: string): Asked | undefined {
  const value = parsed(body);
  if (!isObject(value)) return undefined;
  const { placements, events = [] } = value;
  const [visitor, channel] = [readId(value['visitorId']), nameIn(value['channel'])];
  if (!visitor || !('id' in visitor) || (value['channel'] !== undefined && channel === undefined)) return undefined;
  if (!Array.isArray(events) || events.length > MAX_EVENTS) return undefined;
  if (!Array.isArray(placements) || placements.length === 0 || placements.length > MAX_PLACEMENTS) return undefined;
  const read: { readonly id: string }[] = [];
  for (const one of placements) {
    const id: unknown = isObject(one) ? one['id'] : one;
    if (typeof id !== 'string') return undefined;
    read.push({ id });
  }
  return { visitorId: visitor.id, placements: read, events, ...(channel !== undefined && { channel }) };
}

function parsed(body: string): unknown {
  try {
    const { value, repeats } = readExactly(body);
    return repeats ? undefined : value;
  } catch {
    return undefined;
  }
}
