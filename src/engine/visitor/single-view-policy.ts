import type {
  EventWords,
  RatingScale,
  SingleViewDefinition,
  SatisfactionWords,
  SupportWords,
} from '../language/single-view-definition.js';
import { usualSingleView } from './usual-single-view.js';

/** The words of the single view, ready to be asked. */
export interface SingleViewPolicy {
  readonly support: SupportPolicy;
  readonly satisfaction: SatisfactionPolicy;
  readonly sentiment: SentimentPolicy;
}

/** How events tell of matters with support. */
export interface SupportPolicy extends Pick<Required<SupportWords>, 'case' | 'topic' | 'minutes' | 'seconds'> {
  /** Every property that it looks at. */
  readonly looksAt: ReadonlySet<string>;
  /** What an event is to support; undefined for nothing. */
  kindOf(event: string): 'contacted' | 'opened' | 'closed' | undefined;
}

/** How events tell of satisfaction. */
export interface SatisfactionPolicy extends Pick<Required<SatisfactionWords>, 'wider' | 'best' | 'worst' | 'helpful'> {
  isRating(event: string): boolean;
  /** Every property that it looks at. */
  readonly looksAt: ReadonlySet<string>;
  readonly scales: readonly RatingScale[];
  /** The answers that mean yes, and those that mean no; texts in small letters. */
  readonly yes: ReadonlySet<unknown>;
  readonly no: ReadonlySet<unknown>;
}

/** How properties tell a mood. */
export interface SentimentPolicy {
  readonly properties: readonly string[];
  /** The same. */
  readonly looksAt: ReadonlySet<string>;
  /** What each word counts, as {@link moodWord} writes it. */
  readonly words: ReadonlyMap<string, number>;
}

/** Compiles the words of a release; what it leaves out is as usual. */
export function compileSingleView({
  support,
  satisfaction,
  sentiment,
}: Partial<SingleViewDefinition> = {}): SingleViewPolicy {
  return {
    support: compileSupport({ ...usualSingleView.support, ...support }),
    satisfaction: compileSatisfaction({ ...usualSingleView.satisfaction, ...satisfaction }),
    sentiment: compileSentiment({ ...usualSingleView.sentiment, ...sentiment }),
  };
}

function compileSupport({ contacted, opened, closed, ...properties }: Required<SupportWords>): SupportPolicy {
  const kinds = [
    ['contacted', eventMatcher(contacted)],
    ['opened', eventMatcher(opened)],
    ['closed', eventMatcher(closed)],
  ] as const;
  const { case: id, topic, minutes, seconds } = properties;
  return {
    ...properties,
    looksAt: new Set([...id, ...topic, ...minutes, ...seconds]),
    kindOf: remembered((event) => kinds.find(([, matches]) => matches(event))?.[0]),
  };
}

function compileSatisfaction({ rated, yes, no, ...properties }: Required<SatisfactionWords>): SatisfactionPolicy {
  const { scales, best, worst, helpful } = properties;
  return {
    ...properties,
    looksAt: new Set([...scales.map(({ property }) => property), ...best, ...worst, ...helpful]),
    isRating: remembered(eventMatcher(rated)),
    yes: new Set(yes.map(answerWord)),
    no: new Set(no.map(answerWord)),
  };
}

function compileSentiment({ properties, words }: typeof usualSingleView.sentiment): SentimentPolicy {
  return {
    properties,
    looksAt: new Set(properties),
    words: new Map(Object.entries(words).map(([word, mood]) => [moodWord(word), mood])),
  };
}

/** Whether an event is one of those that the words name. Capitals do not matter; spaces count as they are. */
export function eventMatcher(words: readonly EventWords[]): (event: string) => boolean {
  const whole = new Set(words.filter(({ afterAnyWords }) => !afterAnyWords).flatMap(namesOf));
  const endings = new Set(words.filter(({ afterAnyWords }) => afterAnyWords).flatMap(namesOf));
  const longest = [...endings].reduce((most, { length }) => Math.max(most, length), 0);
  return (event) => {
    const name = event.toLowerCase();
    return whole.has(name) || hasEnding(name, endings, longest);
  };
}

/** Far more names of events than a business has; a stranger who sends others costs no more memory than that. */
const MOST_REMEMBERED = 4_096;

/** The same answers, each worked out once for a name: every decision asks for the few names that a business uses. */
function remembered<T>(answer: (event: string) => T): (event: string) => T {
  const known = new Map<string, T>();
  return (event) => {
    const before = known.get(event);
    if (before !== undefined || known.has(event)) return before as T;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const now = answer(event);
    known.set(event, now);
    return now;
  };
}

/** Every name that one entry of the list means, in small letters. */
export function namesOf({ names, followedBy }: EventWords): string[] {
  const all = followedBy ? names.flatMap((name) => followedBy.map((next) => `${name} ${next}`)) : names;
  return all.map((name) => name.toLowerCase());
}

/** Looks from the end at as much as the longest ending has, so that a long name of an event costs no more. */
function hasEnding(name: string, endings: ReadonlySet<string>, longest: number): boolean {
  for (let from = Math.max(0, name.length - longest); from < name.length; from++) {
    if ((from === 0 || /\s/.test(name.charAt(from - 1))) && endings.has(name.slice(from))) return true;
  }
  return false;
}

/** An answer as it is compared: a text in small letters, anything else as it is. */
export function answerWord(said: unknown): unknown {
  return typeof said === 'string' ? said.trim().toLowerCase() : said;
}

/** A word for a mood as it is compared: `Very_Positive` is `very positive`. */
export function moodWord(said: string): string {
  return said
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');
}

/** What counts where the rule files say nothing. */
export const USUAL_POLICY: SingleViewPolicy = compileSingleView();
