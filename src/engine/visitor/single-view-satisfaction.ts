/** How satisfied a person says they are. Which events and properties say so is written down in `docs/visitors.md`. */
import type { Json, JsonObject } from '../language/json.js';
import type { Interaction } from './interaction.js';
import { iso } from './tell-time.js';

/** What a person said of how they were served. */
export interface SatisfactionProfile {
  readonly ratings: {
    readonly count: number;
    /** From 0, the worst, to 1, the best. */
    readonly mean?: number;
    readonly latest?: RatingProfile;
  };
  /** Answers to "was this helpful?". */
  readonly helpful: { readonly yes: number; readonly no: number; readonly latest?: VoteProfile };
}

/** One rating. */
export interface RatingProfile {
  /** From 0, the worst, to 1, the best. */
  readonly value: number;
  /** As it was given. */
  readonly given: number;
  readonly event: string;
  readonly channel: string;
  readonly at: string;
}

/** One answer to "was this helpful?". */
export interface VoteProfile {
  readonly helpful: boolean;
  readonly event: string;
  readonly channel: string;
  readonly at: string;
}

/** From interactions in order of timestamp. */
export function tellSatisfaction(interactions: readonly Interaction[]): SatisfactionProfile {
  const ratings = interactions.map(ratingIn).filter((one) => one !== undefined);
  const votes = interactions.map(voteIn).filter((one) => one !== undefined);
  const yes = votes.filter(({ helpful }) => helpful).length;
  const [rating, vote] = [ratings.at(-1), votes.at(-1)];
  return {
    ratings: {
      count: ratings.length,
      ...(rating && {
        mean: meanOf(ratings.map(({ value }) => value)),
        latest: { value: rating.value, given: rating.given, ...whereOf(rating.one) },
      }),
    },
    helpful: { yes, no: votes.length - yes, ...(vote && { latest: { helpful: vote.helpful, ...whereOf(vote.one) } }) },
  };
}

/** Which interaction it was. */
export function whereOf({ event, channel, timestamp }: Interaction): {
  readonly event: string;
  readonly channel: string;
  readonly at: string;
} {
  return { event, channel, at: iso(timestamp) };
}

/** The mean of some numbers, to three digits. */
export function meanOf(values: readonly number[]): number {
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** An event is a rating by its name: looking at a rating is none. */
const IS_RATING =
  /(^|\s)(rated|reviewed)$|(^|\s)(rating|review|nps|csat|survey|feedback)( score)? (submitted|answered|completed|given|left)$/i;

function ratingIn(
  one: Interaction,
): { readonly value: number; readonly given: number; readonly one: Interaction } | undefined {
  const { event, properties } = one;
  if (!IS_RATING.test(event)) return undefined;
  const name = ['score', 'rating', 'stars'].find((known) => numberIn(properties, known) !== undefined);
  const given = name === undefined ? undefined : numberIn(properties, name);
  if (name === undefined || given === undefined) return undefined;
  const { worst, best } = scaleOf(name, given, properties);
  const value = (given - worst) / (best - worst);
  return value >= 0 && value <= 1 ? { value: rounded(value), given, one } : undefined;
}

/**
 * As the event says; else a score is out of 10 and counts from 0, a rating and stars are out of 5 and count from 1;
 * beyond that, out of 10 or 100.
 */
function scaleOf(
  name: string,
  given: number,
  properties: JsonObject,
): { readonly worst: number; readonly best: number } {
  const best = ['best', 'outOf', 'scale', 'max']
    .map((one) => numberIn(properties, one))
    .find((one) => one !== undefined);
  const worst = ['worst', 'min'].map((one) => numberIn(properties, one)).find((one) => one !== undefined);
  const from = name === 'score' ? 0 : 1;
  if (best !== undefined) return { worst: worst ?? from, best };
  const usual = name === 'score' ? 10 : 5;
  if (given <= usual) return { worst: worst ?? from, best: usual };
  return { worst: worst ?? 0, best: given <= 10 ? 10 : 100 };
}

const YES: readonly Json[] = [true, 1, 'yes', 'true', 'up', 'helpful'];
const NO: readonly Json[] = [false, 0, -1, 'no', 'false', 'down', 'unhelpful'];

function voteIn(one: Interaction): { readonly helpful: boolean; readonly one: Interaction } | undefined {
  const { properties } = one;
  const said = own(properties, 'helpful') ?? own(properties, 'wasHelpful') ?? own(properties, 'was_helpful');
  const answer = typeof said === 'string' ? said.trim().toLowerCase() : said;
  if (answer === undefined || !(YES.includes(answer) || NO.includes(answer))) return undefined;
  return { helpful: YES.includes(answer), one };
}

function numberIn(properties: JsonObject, name: string): number | undefined {
  const value = own(properties, name);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function own(properties: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
