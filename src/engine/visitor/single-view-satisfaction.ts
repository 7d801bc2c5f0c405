/** How satisfied a person says they are, by the words of a {@link SatisfactionPolicy}. */
import type { Json, JsonObject } from '../language/json.js';
import type { RatingScale } from '../language/single-view-definition.js';
import type { HeardInteraction } from './interaction.js';
import { answerWord, USUAL_POLICY, type SatisfactionPolicy } from './single-view-policy.js';
import { iso } from '../language/millis.js';

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
export function tellSatisfaction(
  interactions: readonly HeardInteraction[],
  policy: SatisfactionPolicy = USUAL_POLICY.satisfaction,
): SatisfactionProfile {
  const ratings = interactions.map((one) => ratingIn(one, policy)).filter((one) => one !== undefined);
  const votes = interactions.map((one) => voteIn(one, policy)).filter((one) => one !== undefined);
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
export function whereOf({ event, channel, timestamp }: HeardInteraction): {
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

function ratingIn(
  one: HeardInteraction,
  policy: SatisfactionPolicy,
): { readonly value: number; readonly given: number; readonly one: HeardInteraction } | undefined {
  const { event, properties } = one;
  if (!policy.isRating(event)) return undefined;
  const usual = policy.scales.find(({ property }) => numberIn(properties, property) !== undefined);
  const given = usual && numberIn(properties, usual.property);
  if (usual === undefined || given === undefined) return undefined;
  const { worst, best } = scaleOf(usual, given, properties, policy);
  const value = (given - worst) / (best - worst);
  return value >= 0 && value <= 1 ? { value: rounded(value), given, one } : undefined;
}

/** As the event says; else as the policy has it for the property; beyond that, on one of the wider scales. */
function scaleOf(
  usual: RatingScale,
  given: number,
  properties: JsonObject,
  policy: SatisfactionPolicy,
): Pick<RatingScale, 'worst' | 'best'> {
  const [best, worst] = [firstNumber(properties, policy.best), firstNumber(properties, policy.worst)];
  if (best !== undefined) return { worst: worst ?? usual.worst, best };
  const wider = given > Math.max(usual.best, usual.worst) ? policy.wider : [];
  const reaching = wider.find((one) => given <= one) ?? wider.at(-1);
  return reaching === undefined
    ? { worst: worst ?? usual.worst, best: usual.best }
    : { worst: worst ?? 0, best: reaching };
}

function voteIn(
  one: HeardInteraction,
  { helpful, yes, no }: SatisfactionPolicy,
): { readonly helpful: boolean; readonly one: HeardInteraction } | undefined {
  const said = helpful.map((name) => own(one.properties, name) ?? undefined).find((value) => value !== undefined);
  const answer = answerWord(said);
  if (answer === undefined || !(yes.has(answer) || no.has(answer))) return undefined;
  return { helpful: yes.has(answer), one };
}

function firstNumber(properties: JsonObject, names: readonly string[]): number | undefined {
  return names.map((name) => numberIn(properties, name)).find((value) => value !== undefined);
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
