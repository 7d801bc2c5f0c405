/** The condition language as it is written in rule files: json-rules-engine's, with Usher's facts. */
import { isObject } from './is-object.js';
import type { Json, JsonObject } from './json.js';
import type {
  AggregateName,
  ChannelName,
  EventName,
  FactName,
  GroupName,
  OfferId,
  OperatorName,
  PlacementId,
  SegmentId,
} from './names.js';

/** A reference to another fact, where a value may stand. */
export interface FactReference {
  readonly fact: FactName;
  /** What of the fact is meant: of `interactions`, `contacts` and `share`; the others take no params. */
  readonly params?: JsonObject;
  /** A JSONPath into the fact's value, such as `$.address.city`. */
  readonly path?: string;
}

/** What the parts of a condition have in common. */
interface Annotated {
  /** What people call this condition. */
  readonly name?: string;
  /**
   * The higher is looked at first by json-rules-engine; Usher finds the best order itself, and the answer is the same.
   *
   * @minimum 1
   * @asType integer
   */
  readonly priority?: number;
}

/** Compares one fact with a value: json-rules-engine's condition. */
export interface Comparison extends FactReference, Annotated {
  readonly operator: OperatorName;
  /** What the fact is compared with: a JSON value, or another fact as `{ "fact": … }`. */
  readonly value: Json;
}

/** True when every one of its conditions is; an empty list is true. */
export interface All extends Annotated {
  /** The conditions that must all be true. */
  readonly all: readonly Condition[];
}

/** True when one of its conditions is; an empty list is true, as in json-rules-engine. */
export interface Any extends Annotated {
  /** The conditions of which one must be true. */
  readonly any: readonly Condition[];
}

/** True when its condition is not. */
export interface Not extends Annotated {
  /** The condition that must not be true. */
  readonly not: Condition;
}

/** True when the segment of that id is: a file `rules/segments/<id>.json`. */
export interface SegmentReference extends Annotated {
  readonly condition: SegmentId;
}

/** The condition language of json-rules-engine. */
export type Condition = All | Any | Not | SegmentReference | Comparison;

/** A condition that may stand at the root of a rule, a segment or an eligibility. */
export type RootCondition = All | Any | Not | SegmentReference;

/** A condition on the properties of an interaction: its facts are their names. */
export type PropertyCondition = PropertyAll | PropertyAny | PropertyNot | PropertyComparison;

/** True when every one of its conditions is. */
export interface PropertyAll extends Annotated {
  /** The conditions on properties that must all be true. */
  readonly all: readonly PropertyCondition[];
}

/** True when one of its conditions is. */
export interface PropertyAny extends Annotated {
  /** The conditions on properties of which one must be true. */
  readonly any: readonly PropertyCondition[];
}

/** True when its condition is not. */
export interface PropertyNot extends Annotated {
  /** The condition on properties that must not be true. */
  readonly not: PropertyCondition;
}

/** Compares one property of an interaction with a value. */
export interface PropertyComparison extends Annotated {
  /** The name of the property. */
  readonly fact: string;
  /** A JSONPath into the property's value. */
  readonly path?: string;
  readonly operator: OperatorName;
  /** What the property is compared with. */
  readonly value: Json;
}

/** Properties and the values that they must have. */
export interface PropertyValues {
  readonly [property: string]: string | number | boolean | null;
}

/** A stretch of the calendar in which something may have happened already. */
export type CalendarWord =
  'today' | 'yesterday' | 'this week' | 'last week' | 'this month' | 'last month' | 'this year' | 'last year';

/**
 * The params of the fact `interactions`: which interactions are meant, and what is said of them. Editors know them by
 * these.
 */
export interface InteractionsParams {
  /**
   * Only interactions of this name; any, when absent.
   *
   * @minLength 1
   */
  readonly event?: EventName;
  /** Properties that must be equal, or conditions whose facts are names of properties. */
  readonly where?: PropertyAll | PropertyAny | PropertyNot | PropertyValues;
  /**
   * Not older than that: `30s`, `15m`, `12h`, `7d`, `2w`; or `lifetime` for all there ever was.
   *
   * @pattern ^([1-9]\d{0,12}[smhdw]|lifetime)$
   * @examples ["1h", "24h", "7d", "30d", "90d", "lifetime"]
   */
  readonly within?: string;
  /**
   * Only in this window of the calendar, by the visitor's clock, else the placement's. Weeks begin on Monday.
   */
  readonly during?: CalendarWord;
  /**
   * Only interactions in this channel.
   *
   * @minLength 1
   */
  readonly channel?: ChannelName;
  /** What is said of them; `count` when absent. `sum`, `avg`, `min`, `max` and `distinct` need a `property`. */
  readonly aggregate?: AggregateName;
  /**
   * The property that is aggregated.
   *
   * @minLength 1
   */
  readonly property?: string;
}

/** The params of the fact `contacts`: which contacts with offers are meant, and what is said of them. */
export interface ContactsParams {
  /** What became of the offers. */
  readonly event: 'decided' | 'shown' | 'clicked' | 'accepted' | 'dismissed' | 'rated';
  /** Only of this offer. */
  readonly offer?: OfferId;
  /** Only of offers of this group. */
  readonly group?: GroupName;
  /**
   * Not older than that: `12h`, `7d`, `2w`; or in this `day`, `week` or `month` of the calendar.
   *
   * @pattern ^([1-9]\d{0,12}[smhdw]|day|week|month)$
   * @examples ["day", "week", "7d", "30d"]
   */
  readonly within?: string;
  /**
   * Only in this channel.
   *
   * @minLength 1
   */
  readonly channel?: ChannelName;
  /** Only in this placement. */
  readonly placement?: PlacementId;
  /** What is said of them; `count` when absent. */
  readonly aggregate?: AggregateName;
}

/** The params of the fact `share`. */
export interface ShareParams {
  /**
   * The name of the draw: one salt always picks the same people.
   *
   * @minLength 1
   */
  readonly salt: string;
}

/** Whether a condition's value stands for another fact. */
export function isFactReference(value: unknown): value is FactReference {
  return isObject(value) && Object.hasOwn(value, 'fact');
}

/** Whether a `where` is a condition tree rather than names and values. */
export function isConditionTree(where: JsonObject): boolean {
  return ['all', 'any', 'not'].some((word) => typeof where[word] === 'object' && where[word] !== null);
}
