import { GuardedIds, guardedMessage } from '../../doors/guarded-ids.js';
import { BROKEN_TEXT, MAX_ID_LENGTH, readId } from '../../doors/read-id.js';
import { nameIn } from '../../doors/read-name.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Problem } from '../../errors.js';
import { findLost, findMisnamed } from '../../doors/find-in-json.js';
import { browserMessageId } from '../../engine/visitor/message-source.js';
import { channelOf, channelOfRequest } from './event-channel.js';
import { eventSender } from './event-sender.js';
import { FROM_SERVER, type RequestChannel } from './request-channel.js';
import { judged, WORD_OF_SERVERS, type OutcomeJudge } from './outcome-judge.js';
import { eventTime, type Retimed } from './event-time.js';
import type { AliasEvent, InteractionEvent, MemoryEvent, TraitsEvent } from '../memory/memory-event.js';
import { hashedMessageId } from './message-id.js';

/** What a normalised event is made from. */
export interface Intake {
  /** Milliseconds since the epoch at which the service got it. */
  readonly receivedAt: Millis;
  /** Its place in the order of arrival; see `ArrivalClock`. */
  readonly arrival: number;
  /** Stands in for a missing message id where none can be made from the event. */
  readonly newId: () => string;
  /** The message ids made so far for events of the same request; see {@link hashedMessageId}. */
  readonly repeats: Map<string, number>;
  /** Whose event it is when it names nobody. */
  readonly visitorId?: string;
  /** Where it comes from when it does not say so. */
  readonly channel?: RequestChannel;
  /** Ids that are nobody's; the usual ones where it is absent. */
  readonly guarded?: GuardedIds;
  /** What events tell of offers; {@link WORD_OF_SERVERS} where it is absent. */
  readonly judge?: OutcomeJudge;
}

/** Either an event ready to be remembered, or all that is wrong with it. */
export type NormalisedEvent =
  | {
      readonly event: MemoryEvent;
      /** The message id that it got here, where it would be a new event if it were sent again as it is. */
      readonly newId?: string;
      /** Why it stands at another time than it said; undefined when it does not. */
      readonly retimed?: Retimed;
      /** Which of its ids were passed over, as clients send them by mistake; undefined where none was. */
      readonly guarded?: readonly string[];
    }
  | {
      readonly problems: readonly Problem[];
      /** Which of its ids clients send by mistake; undefined where none is such. */
      readonly guarded?: readonly string[];
    };

/** The kinds of event of the Segment tracking API. */
const EVENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** How deep properties, traits and contexts may be nested. */
export const MAX_DEPTH = 10;

/**
 * Reads one event of the Segment HTTP tracking API, by the rules of `docs/tracking.md`. Nothing is guessed: what can't
 * be read is a problem that says what to send instead. An alias is not trusted; its sender may be.
 */
export function normaliseEvent(raw: unknown, intake: Intake): NormalisedEvent {
  if (!isObject(raw))
    return {
      problems: [{ path: '', message: 'must be an object, such as { "type": "track", "event": "Product Viewed" }' }],
    };
  const misnamed = findMisnamed(raw);
  if (misnamed) return { problems: [misnamed] };
  const problems: Problem[] = [];
  const reader = new EventReader(raw, problems, intake.guarded ?? USUALLY_GUARDED);
  const type = reader.type();
  const ids = reader.ids(type, intake.visitorId);
  const time = reader.time(intake.receivedAt);
  const messageId = reader.ownId('messageId');
  const { proof, context } = withoutProof(reader.object('context'));
  reader.maybeText('context.channel', context['channel']);
  const said = saidBy(reader, type ?? 'page', context);
  const guarded = reader.guardedNames.length > 0 && { guarded: reader.guardedNames };
  const { sender, problems: unproven } = eventSender(ids, proof, intake.channel ?? FROM_SERVER);
  problems.push(...unproven);
  if (problems.length > 0) return { problems, ...guarded };
  const marked = sender.by ? browserMessageId : (id: string) => id;
  const made = messageId ?? hashedMessageId(raw, { ...ids, ...said, context }, intake.repeats);
  const base = { ...ids, ...sender, timestamp: time.at, arrival: intake.arrival };
  const told = { ...(time.retimed && { retimed: time.retimed }), ...guarded };
  if (said.kind !== 'interaction')
    return { event: { ...base, ...said, messageId: made === undefined ? undefined : marked(made) }, ...told };
  const id = made ?? intake.newId();
  const event = { ...base, ...said, ...channelOfRequest(said, context, intake.channel), messageId: marked(id) };
  return { event: judged(event, intake.judge ?? WORD_OF_SERVERS), ...(made === undefined && { newId: id }), ...told };
}

/** A context without the proof that it may bring along, which is nobody's to keep. */
function withoutProof(said: JsonObject): { readonly proof?: Json; readonly context: JsonObject } {
  if (!Object.hasOwn(said, 'identityProof')) return { context: said };
  const { identityProof: proof, ...context } = said;
  return { ...(proof !== undefined && { proof }), context };
}

type Said =
  | Pick<InteractionEvent, 'kind' | 'event' | 'channel' | 'properties'>
  | Pick<TraitsEvent, 'kind' | 'traits' | 'source'>
  | Pick<AliasEvent, 'kind' | 'previousId' | 'trusted'>;

function saidBy(reader: EventReader, type: EventType, context: JsonObject): Said {
  switch (type) {
    case 'identify':
      return {
        kind: 'traits',
        source: 'identify',
        traits: { ...reader.objectIn(context, 'traits'), ...reader.object('traits') },
      };
    case 'group':
      return {
        kind: 'traits',
        source: 'group',
        traits: { group: groupOf(reader.needed('groupId'), reader.object('traits')) },
      };
    case 'alias':
      return { kind: 'alias', previousId: reader.needed('previousId'), trusted: false };
    case 'track': {
      const properties = reader.object('properties');
      return {
        kind: 'interaction',
        event: reader.eventName(),
        channel: channelOf(type, properties, context),
        properties,
      };
    }
    default: {
      const properties = reader.object('properties');
      return {
        kind: 'interaction',
        event: VIEWED[type],
        channel: channelOf(type, properties, context),
        properties: { ...reader.texts('name', 'category'), ...properties },
      };
    }
  }
}

const VIEWED = { page: 'Page Viewed', screen: 'Screen Viewed' } as const;

/** A trait of the group may be called `id` as well; the group's own stands. */
function groupOf(id: string, traits: JsonObject): JsonObject {
  return Object.assign({ id }, traits, { id });
}

const USUALLY_GUARDED = new GuardedIds();

/** What an event of this type must name besides the person. */
const NEEDED = {
  groupId: 'is missing; send the id of the group',
  previousId: 'is missing; send the id that the person had before',
} as const;

/** Reads the parts of an event, noting what is wrong with each. */
class EventReader {
  /** Names of ids that are guarded, and were not taken. */
  readonly guardedNames: string[] = [];

  constructor(
    private readonly raw: JsonObject,
    private readonly problems: Problem[],
    private readonly guarded: GuardedIds,
  ) {}

  type(): EventType | undefined {
    const { type } = this.raw;
    const known = typeof type === 'string' ? EVENT_TYPES.find((one) => one === type.toLowerCase()) : undefined;
    if (!known)
      this.refuse(
        'type',
        type === undefined
          ? `is missing; send one of ${EVENT_TYPES.join(', ')}`
          : `must be one of ${EVENT_TYPES.join(', ')}`,
      );
    return known;
  }

  /** Who did it. An alias must name the id that is to stand. */
  ids(type: EventType | undefined, visitorId: string | undefined): Pick<MemoryEvent, 'userId' | 'anonymousId'> {
    const userId = this.ownId('userId');
    const anonymousId = this.ownId('anonymousId') ?? (userId === undefined ? visitorId : undefined);
    const isNobody =
      userId === undefined && (anonymousId === undefined || (type === 'alias' && visitorId === undefined));
    const [guarded] = this.guardedNames;
    if (isNobody && guarded !== undefined) this.refuse(guarded, guardedMessage(this.raw[guarded]));
    else if (isNobody && this.problems.length === 0) {
      this.refuse(
        'userId',
        type === 'alias'
          ? 'is missing; send the id that the person has from now on'
          : 'is missing; send userId or anonymousId',
      );
    }
    return { userId, anonymousId };
  }

  /** An id that tells somebody or something apart: one that is guarded tells nothing, and is as if not sent. */
  ownId(name: 'userId' | 'anonymousId' | 'messageId'): string | undefined {
    const id = this.id(name);
    if (id === undefined || !this.guarded.has(id)) return id;
    this.guardedNames.push(name);
    return undefined;
  }

  id(name: string): string | undefined {
    const read = readId(this.raw[name]);
    if (read && 'wrong' in read) return this.refuse(name, read.wrong);
    return read?.id;
  }

  needed(name: keyof typeof NEEDED): string {
    const before = this.problems.length;
    const id = this.id(name);
    if (id === undefined && this.problems.length === before) this.refuse(name, NEEDED[name]);
    if (id !== undefined && this.guarded.has(id)) {
      this.guardedNames.push(name);
      this.refuse(name, guardedMessage(id, name === 'groupId' ? 'group' : 'person'));
    }
    return id ?? '';
  }

  eventName(): string {
    const event = nameIn(this.raw['event']);
    if (event === undefined)
      return this.refuse('event', 'must be the name of what happened, such as "Product Viewed"') ?? '';
    if (event.length > MAX_ID_LENGTH)
      this.refuse('event', `is ${event.length} characters long; the limit is ${MAX_ID_LENGTH}`);
    if (!event.isWellFormed()) this.refuse('event', BROKEN_TEXT);
    return event;
  }

  time(receivedAt: Millis): { readonly at: Millis; readonly retimed?: Retimed } {
    const time = eventTime(this.raw, receivedAt);
    if ('at' in time) return time;
    this.refuse(time.path, time.message);
    return { at: receivedAt };
  }

  object(name: 'properties' | 'traits' | 'context'): JsonObject {
    return this.objectIn(this.raw, name, name);
  }

  objectIn(parent: JsonObject, name: string, path = `context.${name}`): JsonObject {
    const value = parent[name];
    if (value === undefined || value === null) return {};
    if (!isObject(value)) return this.refuse(path, 'must be an object') ?? {};
    if (depthOf(value) > MAX_DEPTH) return this.refuse(path, `is nested deeper than the limit of ${MAX_DEPTH}`) ?? {};
    const lost = findLost(value);
    if (lost) return this.refuse(`${path}.${lost.path}`, lost.message) ?? {};
    return value;
  }

  /** Those of these members that are there and not empty; they must be texts. */
  texts(...names: readonly string[]): JsonObject {
    return Object.fromEntries(
      names.flatMap((name) => {
        const text = this.maybeText(name, this.raw[name]);
        return text === undefined ? [] : [[name, text]];
      }),
    );
  }

  maybeText(path: string, said: Json | undefined): string | undefined {
    if (said === undefined || said === null || said === '') return undefined;
    return typeof said === 'string' ? said : this.refuse(path, 'must be a text');
  }

  private refuse(path: string, message: string): undefined {
    this.problems.push({ path, message });
  }
}

/** How deep a value is nested: 0 for a primitive, 1 for an object of primitives; stops counting past the limit. */
export function depthOf(value: unknown, limit: number = MAX_DEPTH): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit === 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, limit - 1));
  return deepest + 1;
}
