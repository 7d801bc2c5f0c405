/**
 * How large one person may become, so that nobody waits for the sake of one: what would make them larger is refused,
 * and what is there is never lost. Who is larger already stays readable and writable, and gets nothing new of that
 * kind.
 */
import { type Json, jsonLength } from '../../engine/language/json.js';
import type { Problem } from '../../errors.js';
import { MAX_ID_LENGTH } from '../../doors/read-id.js';
import type { InteractionEvent, MemoryEvent, TraitsEvent } from './memory-event.js';
import { isBrowsersWord, type TraitWords } from './trait-words.js';

/** The limits of one person, and of one event. */
export interface VisitorLimits {
  /** Names of events that ever happened. */
  readonly eventNames: number;
  /** Traits, removed ones included; of what a browser and a server both said something counts twice. */
  readonly traits: number;
  /** Characters of the names and values of all traits, as JSON. */
  readonly traitLength: number;
  /** Purposes that a consent was given or refused for. */
  readonly consents: number;
  readonly ids: number;
  /** Offers that there was a contact with. */
  readonly contactOffers: number;
  /** Bytes of the stored document from which on only small events are taken. */
  readonly fullBytes: number;
  /** Properties of one event, those inside others not counted. */
  readonly properties: number;
  /** Characters of the properties of one event, as JSON. */
  readonly propertiesLength: number;
}

/** The name of a limit, in settings, metrics and messages. */
export type LimitName = keyof VisitorLimits;

/** What holds where no setting says otherwise: chosen so that no step for one person takes the process 10 ms. */
export const USUAL_LIMITS: VisitorLimits = {
  eventNames: 500,
  traits: 500,
  traitLength: 64 * 1024,
  consents: 100,
  ids: 100,
  contactOffers: 500,
  fullBytes: 512 * 1024,
  properties: 100,
  propertiesLength: 32 * 1024,
};

/** Why something is too much, and what to do. */
export interface Over {
  readonly limit: LimitName;
  readonly problem: Problem;
}

/** An event is small up to both: even the largest number of interactions that is kept weighs little then. */
const SMALL = { properties: 20, length: 2 * 1024 };

/** What a person has so far, as far as it counts. */
export interface Held {
  /** Is asked once, and only where an interaction comes whose name may be one too many. */
  readonly eventNames: () => Iterable<string>;
  /** How many those names are at most. */
  readonly eventNamesAtMost: number;
  readonly words: TraitWords;
  readonly consents: object;
  /** As with the names of events: asked only where a contact comes with an offer that may be one too many. */
  readonly offers: () => Iterable<string>;
  readonly offersAtMost: number;
  /** Of their document. */
  readonly bytes: number;
}

/** The room that is left for one person. */
export class Room {
  private readonly takenNames = new Set<string>();
  private names: Set<string> | undefined;
  private lengths: Map<string, number> | undefined;
  private purposes: Set<string> | undefined;
  private readonly takenOffers = new Set<string>();
  private offers: Set<string> | undefined;
  private bytes: number;

  constructor(
    private readonly held: Held,
    private readonly limits: VisitorLimits,
  ) {
    this.bytes = held.bytes;
  }

  /** Why there is no room for an event; undefined where there is, and it is taken. */
  take(event: MemoryEvent): Over | undefined {
    switch (event.kind) {
      case 'interaction':
        return this.takeInteraction(event);
      case 'traits':
        return this.takeTraits(event);
      case 'consent':
        return this.takePurpose(event.purpose);
      case 'grant':
        return this.takeOffer(event.contact.offer);
      case 'alias':
        return undefined;
    }
  }

  private takeInteraction(event: InteractionEvent): Over | undefined {
    const { properties, propertiesLength } = this.limits;
    const count = Object.keys(event.properties).length;
    const length = count > properties ? 0 : jsonLength(event.properties, propertiesLength);
    return (
      overAlone(event, { count, length }, this.limits) ??
      (event.contact && this.takeOffer(event.contact.offer)) ??
      this.takeName(event.event) ??
      this.takeProperties({ count, length })
    );
  }

  private takeName(name: string): Over | undefined {
    const most = this.limits.eventNames;
    if (this.takenNames.has(name)) return undefined;
    // Most people are far from the limit: then nobody needs to know which names they have.
    if (this.held.eventNamesAtMost + this.takenNames.size >= most) {
      const names = (this.names ??= new Set([...this.held.eventNames(), ...this.takenNames]));
      if (!names.has(name) && names.size >= most)
        return over(
          'eventNames',
          'event',
          `is a new name, and this visitor has the most there may be, ${most}; ${VARY}`,
        );
      names.add(name);
    }
    this.takenNames.add(name);
    return undefined;
  }

  private takeOffer(offer: string): Over | undefined {
    const most = this.limits.contactOffers;
    if (this.takenOffers.has(offer)) return undefined;
    if (this.held.offersAtMost + this.takenOffers.size >= most) {
      const offers = (this.offers ??= new Set([...this.held.offers(), ...this.takenOffers]));
      if (!offers.has(offer) && offers.size >= most)
        return over(
          'contactOffers',
          'properties.offer',
          `is an offer that this visitor had no contact with yet, and they have the most there may be, ${most}; ` +
            OFFERS_FADE,
        );
      offers.add(offer);
    }
    this.takenOffers.add(offer);
    return undefined;
  }

  private takeProperties({ count, length }: Amount): Over | undefined {
    const isSmall = length <= SMALL.length && count <= SMALL.properties;
    if (!isSmall && this.bytes + length > this.limits.fullBytes)
      return over('fullBytes', 'properties', `are too many or too long for this visitor, who has ${FULL}`);
    this.bytes += length;
    return undefined;
  }

  private takeTraits({ traits, by }: TraitsEvent): Over | undefined {
    const lengths = (this.lengths ??= traitLengths(this.held.words));
    const next = new Map(lengths);
    for (const [name, value] of Object.entries(traits)) {
      const word = wordOn(name, by === 'browser');
      next.set(word, Math.max(lengths.get(word) ?? 0, lengthOf(name, value)));
    }
    const { traits: most, traitLength } = this.limits;
    if (next.size > lengths.size && next.size > most)
      return over(
        'traits',
        'traits',
        `would be ${next.size} for this visitor, removed ones included; the limit is ${most}`,
      );
    const [before, after] = [sum(lengths), sum(next)];
    if (after > before && after > traitLength)
      return over(
        'traitLength',
        'traits',
        `would be ${after} characters for this visitor; the limit is ${traitLength}`,
      );
    this.lengths = next;
    return undefined;
  }

  private takePurpose(purpose: string): Over | undefined {
    const purposes = (this.purposes ??= new Set(Object.keys(this.held.consents)));
    const most = this.limits.consents;
    if (!purposes.has(purpose) && purposes.size >= most)
      return over(
        'consents',
        'consents',
        `would be ${purposes.size + 1} purposes for this visitor; the limit is ${most}`,
      );
    purposes.add(purpose);
    return undefined;
  }
}

/** How many properties an event has, and how many characters they are as JSON. */
interface Amount {
  readonly count: number;
  readonly length: number;
}

/** What is too much about an event, whoever it is about. */
function overAlone({ channel }: InteractionEvent, { count, length }: Amount, limits: VisitorLimits): Over | undefined {
  if (count > limits.properties)
    return over('properties', 'properties', `has ${count} members; the limit is ${limits.properties} for one event`);
  const most = limits.propertiesLength;
  if (length > most)
    return over('propertiesLength', 'properties', `is longer than the limit of ${most} characters for one event`);
  return channel.length > MAX_ID_LENGTH
    ? over('propertiesLength', 'channel', `is longer than the limit of ${MAX_ID_LENGTH} characters`)
    : undefined;
}

const OFFERS_FADE = 'contacts go after 400 days, and USHER_MOST_CONTACT_OFFERS may allow more';
const VARY = 'put what differs into a property';
const FULL =
  `so much already that an event may have ${SMALL.properties} properties and ${SMALL.length} characters; ` +
  'send what rules need, and leave the rest out';

/** Makes the reason. */
export function over(limit: LimitName, path: string, message: string): Over {
  return { limit, problem: { path, message } };
}

/** How long each word on a trait is: what a browser and what a server said of the same one are two. */
export function traitLengths({ traits, outranked = {} }: TraitWords): Map<string, number> {
  const all = [...Object.entries(traits), ...Object.entries(outranked)];
  return new Map(all.map(([name, one]) => [wordOn(name, isBrowsersWord(one)), lengthOf(name, one.value)]));
}

function wordOn(name: string, isBrowsers: boolean): string {
  return `${isBrowsers ? 'browser' : 'server'} ${name}`;
}

function lengthOf(name: string, value: Json): number {
  return name.length + jsonLength(value);
}

function sum(lengths: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const length of lengths.values()) total += length;
  return total;
}
