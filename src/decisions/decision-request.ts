import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { Json, JsonObject } from '../engine/language/json.js';
import { InvalidRequest, type Problem } from '../errors.js';
import { findInfinite } from '../doors/find-in-json.js';
import { bodyValidator } from '../http/validate-body.js';
import { BROKEN_TEXT, depthOf, MAX_DEPTH, MAX_ID_LENGTH } from '../visitors/intake/incoming-event.js';
import { parseTime } from '../visitors/intake/parse-time.js';

/** The most placements of one request. */
export const MAX_PLACEMENTS = 30;
/** The most offers asked of one placement. */
export const MAX_COUNT = 50;
/** The most events told in one request. */
export const MAX_EVENTS = 50;
/** The largest body of a decision request, in bytes. */
export const MAX_DECISION_BYTES = 64 * 1024;

/** A placement asked for by id, with how many offers are wanted. */
export class PlacementAskDto {
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  id!: string;

  /** The placement's own count when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_COUNT)
  count?: number;
}

/** The body of `POST /v1/decisions`, and of each line of `POST /v1/decisions/batch`. */
export class DecisionRequestDto {
  /** Any id of the person, anonymous or known. */
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  visitorId!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_PLACEMENTS)
  @JSONSchema({
    items: {
      description: 'a placement id, or an object such as { "id": "home.cards", "count": 3 }',
      if: { type: 'string' },
      then: { minLength: 1, maxLength: MAX_ID_LENGTH },
      else: {
        type: 'object',
        description: 'a placement id, or an object such as { "id": "home.cards", "count": 3 }',
        allOf: [{ $ref: '#/components/schemas/PlacementAskDto' }],
      },
    } as never,
  })
  placements!: (string | PlacementAskDto)[];

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_ID_LENGTH)
  channel?: string;

  @IsOptional()
  @IsObject()
  context?: JsonObject;

  /** Applied before deciding, so that one call can report and decide; each in the form of the tracking API. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_EVENTS)
  // What is no object is refused as the event that it is to be, and not the whole request for it.
  @JSONSchema({ items: { description: 'an event of the tracking API' } })
  events?: JsonObject[];

  /** Decide as if it were this time; only with `dryRun`. */
  @IsOptional()
  @IsString()
  @JSONSchema({ format: 'date-time' })
  now?: string;

  /** Decide without changing anything anywhere. */
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;

  /** Add `explanation`: for each placement what became of every rule and every condition, and the nearest miss. */
  @IsOptional()
  @IsBoolean()
  explain?: boolean;
}

/** A request whose shape, sizes and times are in order. */
export interface DecisionAsk {
  readonly visitorId: string;
  readonly placements: readonly { readonly id: string; readonly count?: number }[];
  readonly channel?: string;
  readonly context: JsonObject;
  readonly events: readonly Json[];
  /** Milliseconds since the epoch; only with `dryRun`. */
  readonly now: number | undefined;
  readonly dryRun: boolean;
  readonly explain: boolean;
}

const assertBody: (body: unknown) => asserts body is DecisionRequestDto = bodyValidator(DecisionRequestDto);

/** The request in a body. Throws {@link InvalidRequest} with every problem of it. */
export function readDecisionRequest(body: unknown): DecisionAsk {
  assertBody(body);
  const problems = [...idProblems(body), ...timeProblems(body), ...contextProblems(body)];
  if (problems.length > 0) throw new InvalidRequest(problems);
  return {
    visitorId: body.visitorId,
    placements: body.placements.map((asked) => (typeof asked === 'string' ? { id: asked } : asked)),
    ...(body.channel !== undefined && { channel: body.channel }),
    context: body.context ?? {},
    events: body.events ?? [],
    now: body.now === undefined ? undefined : parseTime(body.now),
    dryRun: body.dryRun ?? false,
    explain: body.explain ?? false,
  };
}

function idProblems({ visitorId }: DecisionRequestDto): Problem[] {
  return visitorId.isWellFormed() ? [] : [{ path: 'visitorId', message: BROKEN_TEXT }];
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

function timeProblems({ now, dryRun }: DecisionRequestDto): Problem[] {
  if (now === undefined) return [];
  if (!INSTANT.test(now) || Number.isNaN(parseTime(now)))
    return [{ path: 'now', message: 'must be an ISO 8601 instant, such as "2026-11-21T10:00:00Z"' }];
  return dryRun
    ? []
    : [{ path: 'now', message: 'is accepted only with "dryRun": true, as time travel must not change anything' }];
}

function contextProblems({ context }: DecisionRequestDto): Problem[] {
  if (depthOf(context) > MAX_DEPTH)
    return [{ path: 'context', message: `is nested deeper than the limit of ${MAX_DEPTH}` }];
  return findInfinite(context) === undefined
    ? []
    : [{ path: 'context', message: 'has a number that is too large to be told from infinity; send a smaller one' }];
}
