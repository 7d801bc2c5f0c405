import {
  IsBoolean,
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { hash } from 'node:crypto';
import { MAX_ID_LENGTH, readId } from '../doors/read-id.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json, JsonObject } from '../engine/language/json.js';
import { outcomeEvents, outcomeOf, type OutcomeName } from '../engine/visitor/outcome-events.js';
import { readTime } from '../engine/values/read-time.js';
import { iso } from '../engine/language/millis.js';
import { InvalidRequest, type Problem } from '../errors.js';
import { LONGEST_PUT_OFF_MS } from '../visitors/intake/outcome-judge.js';
import { bodyValidator } from '../http/validate-body.js';

/** The event that each outcome is told by. */
const EVENT_OF: ReadonlyMap<string, string> = new Map(outcomeEvents.map((event) => [outcomeOf(event) ?? '', event]));
/** Not now: it is dismissed, and put off. */
const LATER = 'later' as const;
const OUTCOMES = [...EVENT_OF.keys(), LATER];
/** Where it is not said until when. */
const USUAL_LATER_MS = 86_400_000;

/** The body of `POST /v1/outcomes`: what became of an offer. */
export class OutcomeDto {
  /** Any id of the person, anonymous or known. */
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  visitorId!: string;

  /** The decision that made the offer; where it is absent, the last one that made it to this person. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  decisionId?: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  placement?: string;

  /** Where it is absent, the first offer of the decision's placement. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  offer?: string;

  @IsIn(OUTCOMES)
  outcome!: OutcomeName | typeof LATER;

  /**
   * Of one that is put off, `later`, or dismissed: until when it is held back, at most 90 days from when it was said; a
   * day of `later` where it is absent.
   */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID_LENGTH)
  until?: string;

  /** The item's own, from the answer: the key of a page counts for nothing without it. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID_LENGTH)
  token?: string;

  /** Of one that is rated: from 1 to 5. */
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(5)
  rating?: number;

  /** Of one that is rated: whether it was of help. */
  @IsOptional()
  @IsBoolean()
  helpful?: boolean;

  /** Of one that is rated: from -1, the worst, to 1, the best. */
  @IsOptional()
  @IsNumber()
  @Min(-1)
  @Max(1)
  sentiment?: number;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  channel?: string;

  /** When it was; now where it is absent. */
  @IsOptional()
  timestamp?: string | number;

  /** By which it counts once; made from the decision, the item and the outcome where it is absent. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  messageId?: string;

  /** What more is known of it. */
  @IsOptional()
  @IsObject()
  properties?: JsonObject;
}

const assertBody: (body: unknown) => asserts body is OutcomeDto = bodyValidator(OutcomeDto);

/** The tracked event that a body stands for. Throws {@link InvalidRequest} with every problem of it. */
export function readOutcome(given: unknown): JsonObject {
  const body = withReadIds(given);
  assertBody(body);
  const { visitorId, outcome, messageId, channel, timestamp, properties, until: _until, ...said } = body;
  if (said.offer === undefined && (said.decisionId === undefined || said.placement === undefined))
    throw new InvalidRequest([
      { path: 'offer', message: 'is missing; send the offer, or the decisionId and the placement that it was in' },
    ]);
  if (outcome === 'rated' && [said.rating, said.helpful, said.sentiment].every((one) => one === undefined))
    throw new InvalidRequest([
      { path: 'rating', message: 'is missing; send rating (1 to 5), helpful (true or false) or sentiment (-1 to 1)' },
    ]);
  const until = readUntil(body, Date.now());
  const id = messageId ?? madeId(body);
  return {
    type: 'track',
    event: EVENT_OF.get(outcome === LATER ? 'dismissed' : outcome) ?? '',
    anonymousId: visitorId,
    ...(id !== undefined && { messageId: id }),
    ...(timestamp !== undefined && { timestamp }),
    ...(channel !== undefined && { context: { channel } }),
    properties: { ...properties, ...said, ...(until !== undefined && { until }) },
  };
}

/** The body with its ids as they are read at every door. One that is not said is as if it were not sent. */
function withReadIds(given: unknown): unknown {
  if (!isObject(given)) return given;
  const problems: Problem[] = [];
  const body: Record<string, Json> = { ...given };
  for (const path of ['visitorId', 'messageId']) {
    const read = readId(given[path]);
    delete body[path];
    if (read && 'wrong' in read) problems.push({ path, message: read.wrong });
    else if (read) body[path] = read.id;
  }
  if (problems.length > 0) throw new InvalidRequest(problems);
  return body;
}

/** Where the body has what is wrong with the event that it stands for. */
export function problemInBody({ path, message }: Problem): Problem {
  return { path: IN_BODY.get(path) ?? path, message };
}

const IN_BODY: ReadonlyMap<string, string> = new Map([
  ['anonymousId', 'visitorId'],
  ['properties.offer', 'offer'],
  ['context.channel', 'channel'],
]);

/** As ISO 8601; undefined where it is no matter of being put off. */
function readUntil({ outcome, until, timestamp }: OutcomeDto, now: number): string | undefined {
  const said = timestamp === undefined ? undefined : readTime(timestamp);
  const from = said && 'at' in said ? said.at : now;
  if (until === undefined) return outcome === LATER ? iso(from + USUAL_LATER_MS) : undefined;
  const read = readTime(until);
  if ('wrong' in read) throw new InvalidRequest([{ path: 'until', message: read.wrong }]);
  if (outcome !== LATER && outcome !== 'dismissed')
    throw new InvalidRequest([{ path: 'until', message: 'is said only with the outcome "later" or "dismissed"' }]);
  if (read.at <= from || read.at > from + LONGEST_PUT_OFF_MS)
    throw new InvalidRequest([{ path: 'until', message: 'must be later than the outcome, by 90 days at most' }]);
  return iso(read.at);
}

/** The same outcome of the same item is sent once, however often it is sent. */
function madeId({ decisionId, placement = '', offer = '', outcome, until }: OutcomeDto): string | undefined {
  if (decisionId === undefined) return undefined;
  const said = [decisionId, placement, offer, outcome, ...(until === undefined ? [] : [until])];
  return `outcome-${hash('sha256', JSON.stringify(said), 'base64url').slice(0, 32)}`;
}
