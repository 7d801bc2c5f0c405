/** Names of events, in whatever capitals. Whole names, no patterns: what is listed is what counts. */
export interface EventWords {
  /**
   * Whole names, such as `Support Contacted`; or their beginnings, where `followedBy` says what comes next.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly names: readonly string[];
  /**
   * The words that follow, after one space: `Case` followed by `Opened` is `Case Opened`.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly followedBy?: readonly string[];
  /** Whether any words may stand before: `Rated` is `Service Rated` then, too, and never `Overrated`. */
  readonly afterAnyWords?: boolean;
}

/** A property that holds a rating, and the scale it is on unless its event says another. */
export interface RatingScale {
  /** The name of the property. */
  readonly property: string;
  /** The number that is given by whoever is not content at all. */
  readonly worst: number;
  /** The number that is given by whoever could not be more content. */
  readonly best: number;
}

/**
 * From -1, very negative, to 1, very positive.
 *
 * @minimum -1
 * @maximum 1
 */
export type Mood = number;

/** Which events tell of matters with support. What is left out stays as it is without this file. */
export interface SupportWords {
  /** The person was in contact with support; opens a matter where none is open. */
  readonly contacted?: readonly EventWords[];
  /** A matter was opened, or goes on. */
  readonly opened?: readonly EventWords[];
  /** A matter is over. */
  readonly closed?: readonly EventWords[];
  /** The properties that hold the number of the case, the first that is there counts. */
  readonly case?: readonly string[];
  /** The properties that say what it is about. */
  readonly topic?: readonly string[];
  /** The properties that hold the minutes spent. */
  readonly minutes?: readonly string[];
  /** The properties that hold the seconds spent; looked at where there are no minutes. */
  readonly seconds?: readonly string[];
}

/** Which events tell how satisfied a person is. What is left out stays as it is without this file. */
export interface SatisfactionWords {
  /** The events that are ratings. */
  readonly rated?: readonly EventWords[];
  /** The properties that hold the rating; the first that is there counts. */
  readonly scales?: readonly RatingScale[];
  /** The best numbers of wider scales, ascending: a rating above its scale is on the first that reaches it, from 0. */
  readonly wider?: readonly number[];
  /** The properties by which an event says the best number of its own scale. */
  readonly best?: readonly string[];
  /** The properties by which an event says the worst number of its own scale. */
  readonly worst?: readonly string[];
  /** The properties that answer "was this helpful?", of any event. */
  readonly helpful?: readonly string[];
  /** The answers that mean yes. */
  readonly yes?: readonly (string | number | boolean)[];
  /** The answers that mean no. */
  readonly no?: readonly (string | number | boolean)[];
}

/** Which properties tell the mood of a person. What is left out stays as it is without this file. */
export interface SentimentWords {
  /** The properties that hold it, of any event: a number from -1 to 1, or one of the words. */
  readonly properties?: readonly string[];
  /** What each word counts. Capitals do not matter; `_`, `-` and spaces are the same. */
  readonly words?: { readonly [word: string]: Mood };
}

/**
 * The words in which the business speaks of support, ratings and mood: `rules/policies/single-view.json`. The single
 * view of a person and the facts of rules read them alike.
 */
export interface SingleViewDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  readonly support?: SupportWords;
  readonly satisfaction?: SatisfactionWords;
  readonly sentiment?: SentimentWords;
}
