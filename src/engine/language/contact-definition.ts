import type { ChannelName, GroupName, OfferId } from './names.js';
import type { CountedEvent } from './offer-definition.js';

/** After so many contacts of a kind an offer stays away for a while. */
export interface SuppressionDefinition {
  /** What has to happen to the offer. */
  readonly after: 'shown' | 'clicked' | 'accepted' | 'dismissed';
  /**
   * How often; 1 when absent.
   *
   * @minimum 1
   * @maximum 50
   * @asType integer
   */
  readonly times?: number;
  /** Within which time it has to happen so often, such as `30d`; ever, when absent. */
  readonly within?: string;
  /** How long the offer then stays away, such as `14d`. */
  readonly for: string;
  /** How long all other offers of its group stay away, such as `3d`; not at all, when absent. */
  readonly group?: string;
}

/** A day of the week. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/**
 * A time of day, from `00:00` to `24:00`.
 *
 * @pattern ^(([01]\d|2[0-3]):[0-5]\d|24:00)$
 */
export type TimeOfDay = string;

/** A time of day at which nothing is offered. */
export interface QuietHoursDefinition {
  /** Only in these channels; in all of them when absent. */
  readonly channels?: readonly ChannelName[];
  /** When they begin, such as `21:00`. */
  readonly from: TimeOfDay;
  /** When they are over, such as `08:00`: the next day, where that is earlier than `from`. */
  readonly until: TimeOfDay;
  /** The days on which they begin; every day, when absent. */
  readonly days?: readonly Weekday[];
  /** By whose clocks, such as `Europe/Brussels`; when absent by the visitor's, else the placement's, else UTC. */
  readonly timeZone?: string;
}

/** At most so many contacts with a person, across offers. */
export interface ContactLimitDefinition {
  /** What people call it. */
  readonly name?: string;
  /** What is counted. */
  readonly event: CountedEvent;
  /**
   * How often at most.
   *
   * @minimum 1
   * @maximum 50
   * @asType integer
   */
  readonly limit: number;
  /** A rolling duration such as `7d`, or `day`, `week` or `month` of the calendar. */
  readonly within: string;
  /** Only contacts in these channels count, and only there is anything held back; all of them, when absent. */
  readonly channels?: readonly ChannelName[];
  /** Only offers of these groups count and are held back. */
  readonly groups?: readonly GroupName[];
  /** Only these offers count and are held back, besides those of the groups. */
  readonly offers?: readonly OfferId[];
  /** Time zone of the calendar; when absent the visitor's, else the placement's, else UTC. */
  readonly timeZone?: string;
  /** How long a decision keeps a place for the event to happen, such as `30m`, the default. */
  readonly hold?: string;
}

/** What holds for a group or for an offer in place of what holds for all; what is left out stays as it is. */
export interface ContactExceptionDefinition {
  /** In place of the suppression for all; an empty list for none. */
  readonly suppression?: readonly SuppressionDefinition[];
  /** In place of the quiet hours for all; an empty list for none. */
  readonly quietHours?: readonly QuietHoursDefinition[];
}

/**
 * How often, when and after what people are left alone, across offers: `rules/policies/contact.json`. Offers that are
 * `transactional` are exempt from all of it.
 */
export interface ContactPolicyDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** What makes an offer stay away for a while. */
  readonly suppression?: readonly SuppressionDefinition[];
  /** When nothing is offered. */
  readonly quietHours?: readonly QuietHoursDefinition[];
  /** How many contacts there may be, across offers. */
  readonly limits?: readonly ContactLimitDefinition[];
  /** What holds for offers of a group, by its name. */
  readonly groups?: { readonly [group: string]: ContactExceptionDefinition };
  /** What holds for single offers, by id. */
  readonly offers?: { readonly [offer: string]: ContactExceptionDefinition };
}
