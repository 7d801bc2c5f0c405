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
import { readTime } from '../engine/values/read-time.js';
import { MAX_ID_LENGTH, readId } from '../doors/read-id.js';
import { readName } from '../doors/read-name.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json, JsonObject } from '../engine/language/json.js';
import { durationRemedy, parseDuration } from '../engine/language/millis.js';
import type { Rulebook } from '../engine/rulebook.js';
import { InvalidRequest, type Problem } from '../errors.js';
import { findLost } from '../doors/find-in-json.js';
import { bodyValidator } from '../http/validate-body.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { depthOf, MAX_DEPTH } from '../visitors/intake/incoming-event.js';

/** The most placements of one request. */
export const MAX_PLACEMENTS = 30;
/** The most offers asked of one placement. */
export const MAX_COUNT = 50;
/** The most events in one request. */
export const MAX_EVENTS = 50;
/** The largest body of a decision request, in bytes. */
export const MAX_DECISION_BYTES = 64 * 1024;

/** So long places are held at most: a letter that nobody has opened by then is waste paper. */
const LONGEST_HOLD_MS = 60 * 86_400_000;

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

  /**
   * How long places of limited offers are held for what becomes of this decision, such as `2d` for a letter; as the
   * offers' caps say where it is absent.
   */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  hold?: string;

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
  /** How long places are held, in milliseconds; undefined where that is for the caps to say. */
  readonly holdMs: number | undefined;
  readonly explain: boolean;
}

const assertBody: (body: unknown) => asserts body is DecisionRequestDto = bodyValidator(DecisionRequestDto);

/** The request in a body. Throws {@link InvalidRequest} with every problem of it. */
export function readDecisionRequest(given: unknown): DecisionAsk {
  const body = withReadNames(given);
  assertBody(body);
  const problems = [...timeProblems(body), ...holdProblems(body), ...contextProblems(body)];
  if (problems.length > 0) throw new InvalidRequest(problems);
  return {
    visitorId: body.visitorId,
    placements: body.placements.map((asked) => (typeof asked === 'string' ? { id: asked } : asked)),
    ...(body.channel !== undefined && { channel: body.channel }),
    context: body.context ?? {},
    events: body.events ?? [],
    now: instantIn(body.now),
    dryRun: body.dryRun ?? false,
    holdMs: body.hold === undefined ? undefined : parseDuration(body.hold),
    explain: body.explain ?? false,
  };
}

/** Of a text that was looked at before. */
function instantIn(now: string | undefined): number | undefined {
  const read = now === undefined ? undefined : readTime(now);
  return read && 'at' in read ? read.at : undefined;
}

/** The body with its id and its channel as they are read. What is missing or blank is told with the rest. */
function withReadNames(body: unknown): unknown {
  if (!isObject(body) || body['visitorId'] === undefined) return body;
  const { channel } = body;
  const read = readId(body['visitorId']);
  if (read && 'wrong' in read) throw new InvalidRequest([{ path: 'visitorId', message: read.wrong }]);
  return { ...body, visitorId: read?.id ?? '', ...(typeof channel === 'string' && { channel: readName(channel) }) };
}

function timeProblems({ now, dryRun }: DecisionRequestDto): Problem[] {
  if (now === undefined) return [];
  const read = readTime(now);
  if ('wrong' in read) return [{ path: 'now', message: read.wrong }];
  return dryRun
    ? []
    : [{ path: 'now', message: 'is accepted only with "dryRun": true, as time travel must not change anything' }];
}

function holdProblems({ hold }: DecisionRequestDto): Problem[] {
  const wrong = hold === undefined ? undefined : holdProblem(hold);
  return wrong === undefined ? [] : [{ path: 'hold', message: wrong }];
}

/** Why places can't be held so long; undefined where they can. */
export function holdProblem(hold: string): string | undefined {
  const millis = parseDuration(hold);
  if (millis === undefined) return `is no duration: ${durationRemedy(hold, '2d')}`;
  return millis > LONGEST_HOLD_MS ? 'is longer than places may be held; write "60d" or less' : undefined;
}

function contextProblems({ context }: DecisionRequestDto): Problem[] {
  if (depthOf(context) > MAX_DEPTH)
    return [{ path: 'context', message: `is nested deeper than the limit of ${MAX_DEPTH}` }];
  const lost = findLost(context);
  return lost ? [{ ...lost, path: lost.path === '' ? 'context' : `context.${lost.path}` }] : [];
}

/**
 * Throws {@link InvalidRequest} for placements that no rulebook here knows. One that only the canary knows is answered
 * empty for those whom it does not serve.
 */
export function refuseUnknownPlacements(
  { placements }: Pick<DecisionAsk, 'placements'>,
  serving: ServingRulebooks,
): void {
  if (placements.every(({ id }) => serving.hasPlacement(id))) return;
  const problems = placements.flatMap(({ id }, index) =>
    serving.hasPlacement(id) ? [] : [unknownPlacement(id, index, serving.live)],
  );
  if (problems.length > 0) throw new InvalidRequest(problems);
}

function unknownPlacement(id: string, index: number, { placements }: Rulebook): Problem {
  return {
    path: `placements[${index}]`,
    message:
      `there is no placement "${id.slice(0, 64)}"; the placements are ` + `${[...placements.keys()].sort().join(', ')}`,
  };
}
