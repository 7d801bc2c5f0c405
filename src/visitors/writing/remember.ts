/**
 * One round of remembering, as a pure function: documents as they were read and a list of events in, documents to write
 * and what became of each event out. Who is joined with whom is said in `docs/identity.md`.
 */
import type { Millis } from '../../engine/language/millis.js';
import type { Problem } from '../../errors.js';
import type { VisitorDocument } from '../documents/codec.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { isBrowserMadeId, isSaidByBrowsersAlone } from '../memory/browser-made.js';
import { idsIn, withIds } from '../memory/ids.js';
import { type LimitName, type Over, Room } from '../memory/limits.js';
import { countersAtMost, countersOf } from '../memory/counters.js';
import { apply, merge, type Applied, type Memory, type Retention } from '../memory/memory.js';
import { mergeJoins, type Join } from '../memory/joins.js';
import { keepApart } from '../memory/part-memory.js';
import { People, type Documents, type LooseEnds, type Person } from './people.js';
import { PARTED, wereTheyParted } from './parted-people.js';
import { tooMuchTogether, type Limiting } from './too-much-together.js';

/** What one round works with. */
export interface Round extends Limiting {
  readonly documents: Documents;
  readonly events: readonly MemoryEvent[];
  /** Ids to be made to lead straight to their memory, where that is one of an event's. */
  readonly unfinished: readonly string[];
  readonly now: Millis;
  readonly retention: Retention;
}

/** What became of an event: the id of the memory it went to, and whether it was already known there. */
export interface Outcome {
  readonly memoryId: string;
  readonly duplicate: boolean;
  /** An interaction that is older than what is retained: it was counted, and nothing else is kept of it. */
  readonly notRetained?: boolean;
  /**
   * Its anonymous id stays with whom it was: it is somebody else's, or no browser's word is enough to join it. The
   * event is its user's.
   */
  readonly notJoined?: true;
  /** Why nothing was done about it, and what to do; undefined for all that is well. */
  readonly refused?: Problem;
  /** A wish for a contact that was refused, as limits leave no place for it. */
  readonly notGranted?: true;
  /** The limit of the person that stood in its way, or in that of a device that came along with it. */
  readonly over?: LimitName;
}

/** What one round comes to. */
export interface Remembered {
  /** Ids whose documents are missing: load them and begin again. All else is empty then. */
  readonly needs: ReadonlySet<string>;
  /**
   * Documents to write, each from the version that was read, step by step: where one of a person fails, no later one is
   * written.
   */
  readonly steps: readonly ReadonlyMap<string, VisitorDocument>[];
  /** Memories that others are to be joined into: once the steps are written their events must be remembered again. */
  readonly pending: ReadonlySet<string>;
  /** Of each event. */
  readonly outcomes: readonly Outcome[];
}

const REFUSED: Problem = {
  path: 'previousId',
  message:
    'Both ids belong to people who are already known, each by a user id that the other has not; ' +
    'two known people are joined only by an alias that is sent with a secret key (scope server).',
};

const NOT_A_BROWSERS: Problem = {
  path: 'previousId',
  message:
    'With the key of a page only an id is joined that the browser made itself, a random UUID of which no server and ' +
    'no import has said anything; send the alias with a secret key (scope server).',
};

const UNPROVEN =
  'is the user id of somebody, and comes without a proof that it is the caller’s; send one in X-Usher-Identity or ' +
  'context.identityProof, as docs/identity.md says';

/** Why a wish for a contact is refused. */
export const NOT_GRANTED: Problem = {
  path: '',
  message: 'No limit may be exceeded, and one leaves no place for this.',
};

/** Whom an event was found to be about, and what of its joins is not done. */
type Placed = Pick<Outcome, 'notJoined' | 'refused' | 'over' | 'notGranted'>;

/** Applies events to the memories they belong to. */
export function remember(round: Round): Remembered {
  const people = new People(round.documents);
  const placed = round.events.map((event) => place(people, event, round));
  const persons = round.events.map((event) => people.of(event.userId ?? event.anonymousId ?? ''));
  for (const id of round.unfinished) people.of(id);
  for (const person of new Set(persons)) people.gather(person);
  if (people.needs.size > 0) return { needs: people.needs, steps: [], pending: new Set(), outcomes: [] };

  const sheet = new Sheet(people, round);
  const outcomes = persons.map(({ memory }, index): Outcome => ({
    memoryId: memory.id,
    duplicate: false,
    ...placed[index],
  }));
  for (const [person, indexes] of Map.groupBy(persons.keys(), (index) => persons[index])) {
    const accepted = indexes.filter((index) => placed[index]?.refused === undefined);
    if (!person || accepted.length === 0) continue;
    const { duplicates, notRetained, notGranted, tooMuch } = sheet.write(
      person,
      accepted.map((index) => round.events[index]).filter((event) => event !== undefined),
    );
    for (const [at, index] of accepted.entries())
      outcomes[index] = {
        memoryId: person.memory.id,
        duplicate: duplicates.has(at),
        ...(notRetained.has(at) && { notRetained: true }),
        ...placed[index],
        ...(notGranted.has(at) && { refused: NOT_GRANTED, notGranted: true }),
        ...refusedBy(tooMuch.get(at)),
      };
  }
  return { needs: people.needs, steps: sheet.steps, pending: sheet.pending, outcomes };
}

function refusedBy(over: Over | undefined): Placed {
  return over ? { refused: over.problem, over: over.limit } : {};
}

/** Joins whom the event says to be one person, as far as it may. */
function place(people: People, event: MemoryEvent, limiting: Limiting): Placed {
  const { userId, anonymousId } = event;
  // How its other ids lead to somebody may tell that they are known.
  for (const id of idsIn(event)) people.of(id);
  let person = people.of(userId ?? anonymousId ?? '');
  if (event.unproven && anonymousId !== undefined && person.userIds.has(anonymousId))
    return { refused: { path: 'anonymousId', message: UNPROVEN } };
  const isNews = userId !== undefined && !person.userIds.has(userId);
  if (isNews) person.userIds.add(userId);
  if (event.kind === 'alias') {
    const other = people.of(event.previousId);
    const areParted = !event.trusted && wereTheyParted(person, other);
    const mayJoin = event.trusted || (!areParted && mayBeJoined(people, event, event.previousId));
    const over = mayJoin ? tooMuchTogether(person, other, limiting) : undefined;
    const joined = mayJoin && !over ? people.join(person, other, event.trusted) : undefined;
    if (!joined && isNews) person.userIds.delete(userId);
    if (!joined && areParted) return { refused: PARTED };
    if (!joined) return over ? refusedBy(over) : { refused: mayJoin ? REFUSED : NOT_A_BROWSERS };
    person = joined;
  }
  // A device that is somebody else's already stays theirs.
  if (userId === undefined || anonymousId === undefined || people.of(anonymousId) === person) return {};
  const device = people.of(anonymousId);
  if (!mayBeJoined(people, event, anonymousId) || wereTheyParted(person, device)) return { notJoined: true };
  const over = tooMuchTogether(person, device, limiting);
  if (over) return { notJoined: true, over: over.limit };
  return people.join(person, device, false) ? {} : { notJoined: true };
}

/** Whether the sender's word is enough to join whoever is behind an id to somebody. */
function mayBeJoined(people: People, { by }: MemoryEvent, id: string): boolean {
  if (by !== 'browser') return true;
  const { memory, sources } = people.of(id);
  return isBrowserMadeId(id) && [memory, ...sources.values()].every(isSaidByBrowsersAlone);
}

const NONE: ReadonlySet<number> = new Set();
const NOTHING: Written = { duplicates: NONE, notRetained: NONE, notGranted: NONE, tooMuch: new Map() };

/** What became of events, by their place. */
interface Written extends Omit<Applied, 'memory'> {
  /** Those for which there was no room. */
  readonly tooMuch: ReadonlyMap<number, Over>;
}

/** By the event that names the id; of what another process began, none here does. */
function joinOf(id: string, events: readonly MemoryEvent[], now: Millis): Join {
  const event = events.find((one) => idsIn(one).includes(id));
  return event ? { id, at: Math.floor(event.arrival / 1_000), by: event.by ?? 'server' } : { id, at: now };
}

/** What is to be written, in its order. */
class Sheet {
  private readonly preparations = new Map<string, VisitorDocument>();
  private readonly pointersOfStrangers = new Map<string, VisitorDocument>();
  private readonly memories = new Map<string, VisitorDocument>();
  private readonly pointers = new Map<string, VisitorDocument>();
  private readonly pointersOfSources = new Map<string, VisitorDocument>();
  readonly pending = new Set<string>();
  readonly steps = [this.preparations, this.pointersOfStrangers, this.memories, this.pointers, this.pointersOfSources];

  constructor(
    private readonly people: People,
    private readonly round: Round,
  ) {}

  /** Puts down all of a person; tells which of the events, by their place, were known, only counted, or too much. */
  write(person: Person, events: readonly MemoryEvent[]): Written {
    const loose = this.people.looseEnds(person, events);
    const isOpen = person.exists || person.userIds.has(person.memory.id) || loose.strangers.length === 0;
    if (loose.memories.length > 0 || loose.isMore || !isOpen) {
      this.prepare(person, loose, isOpen);
      return NOTHING;
    }
    const { now, retention } = this.round;
    const joined = this.listed(
      person,
      [...person.sources.values()].reduce((into, other) => merge(into, other, now, retention), person.memory),
      events,
    );
    const tooMuch = this.tooMuch(person, joined, events);
    const fitting = events.filter((_event, at) => !tooMuch.has(at));
    const { memory, ...came } = apply(joined, fitting, now, retention);
    if (came.duplicates.size + came.notGranted.size < fitting.length || joined !== person.memory || person.isCircular)
      this.memories.set(memory.id, { kind: 'memory', memory });
    const pointer: VisitorDocument = { kind: 'alias', of: memory.id };
    // To write it is to win the id before others do.
    for (const id of loose.strangers) this.pointersOfStrangers.set(id, pointer);
    // Until the last of those that pointed at a source points on, the source itself stays as it is and tells whose they
    // are.
    for (const id of this.people.detours(person))
      (person.sources.has(id) ? this.pointersOfSources : this.pointers).set(id, pointer);
    if (tooMuch.size === 0) return { ...came, tooMuch };
    const places = [...events.keys()].filter((at) => !tooMuch.has(at));
    const inEvents = (set: ReadonlySet<number>) => new Set([...set].map((at) => places[at] ?? at));
    const [duplicates, notRetained] = [inEvents(came.duplicates), inEvents(came.notRetained)];
    return { duplicates, notRetained, notGranted: inEvents(came.notGranted), tooMuch };
  }

  /** What there is no room for. What is known already needs none. */
  private tooMuch({ sources }: Person, memory: Memory, events: readonly MemoryEvent[]): Map<number, Over> {
    const { bytesOf, limits, now, retention } = this.round;
    const bytes = [memory.id, ...sources.keys()].reduce((total, id) => total + bytesOf(id), 0);
    const eventNames = () => Object.keys(countersOf(memory));
    const eventNamesAtMost = countersAtMost(memory);
    const { consents, contacts } = memory;
    const offers = () => (contacts?.contacts ?? []).map(({ offer }) => offer);
    const ofOffers = { offers, offersAtMost: contacts?.contacts.length ?? 0 };
    const room = new Room({ words: memory, consents, eventNames, eventNamesAtMost, ...ofOffers, bytes }, limits);
    const over = new Map<number, Over>();
    for (const [at, event] of events.entries()) {
      const why = room.take(event);
      if (why) over.set(at, why);
    }
    if (over.size === 0) return over;
    const once = new Map([...over.keys()].map((at) => [events[at]?.messageId ?? at, events[at]]));
    const asked = [...once.values()].filter((event) => event !== undefined);
    const { duplicates } = apply(memory, asked, now, retention);
    const known = new Set([...duplicates].map((at) => asked[at]?.messageId));
    for (const at of [...over.keys()]) if (known.has(events[at]?.messageId)) over.delete(at);
    return over;
  }

  /**
   * Nothing may be added to a memory any more from when it is copied: first it says so itself. And only what is known
   * to be a user id may be pointed at before it has a memory.
   */
  private prepare({ memory, sources }: Person, { strangers, memories }: LooseEnds, isOpen: boolean): void {
    this.pending.add(memory.id);
    if (!isOpen) {
      this.preparations.set(memory.id, { kind: 'memory', memory: { ...memory, anonymousIds: [memory.id] } });
      return;
    }
    for (const id of strangers) this.preparations.set(id, { kind: 'alias', of: memory.id });
    for (const id of memories) {
      const source = sources.get(id);
      if (source) this.preparations.set(id, { kind: 'memory', memory: { ...source, joining: memory.id } });
    }
  }

  /** Whoever leads here is on the list, and who was not before is noted as joined. */
  private listed({ ids, userIds, memory, sources }: Person, joined: Memory, events: readonly MemoryEvent[]): Memory {
    const lists = withIds(joined, { userIds: [...userIds], anonymousIds: ids.size > 1 ? [...ids] : [] });
    const before = [...memory.userIds, ...memory.anonymousIds, memory.id];
    const news = [...lists.userIds, ...lists.anonymousIds].filter((id) => !before.includes(id));
    const joins = mergeJoins(
      joined.joins,
      news.map((id) => joinOf(id, events, this.round.now)),
    );
    const isSame =
      lists.userIds.length === joined.userIds.length && lists.anonymousIds.length === joined.anonymousIds.length;
    if (isSame && news.length === 0) return joined;
    const listed = { ...joined, ...lists, ...(joins.length > 0 && { joins }) };
    return keepApart(listed, { joined, others: sources.keys(), news, events }, this.round.now, this.round.retention);
  }
}
