/** Reads a line of an import: what a person wrote by hand, what another system gives, or what `export` gave. */
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import { browserMessageId } from '../../engine/visitor/message-source.js';
import { type Problem, tellProblems } from '../../errors.js';
import { purposeProblems } from './consent-body.js';
import { findLost, findMisnamed } from '../../doors/find-in-json.js';
import { arrivalIn } from './arrival-clock.js';
import { eventTime, isClamped, timeOfWord } from './event-time.js';
import type { History } from '../memory/history.js';
import { GuardedIds, guardedMessage } from '../../doors/guarded-ids.js';
import { BROKEN_TEXT, MAX_ID_LENGTH, readId } from '../../doors/read-id.js';
import { nameIn } from '../../doors/read-name.js';
import { depthOf, MAX_DEPTH } from './incoming-event.js';
import { TELLING, unknownMembers } from './history-members.js';
import { hashedMessageId } from './message-id.js';
import { readTime } from '../../engine/values/read-time.js';
import { readContacts } from './read-contacts.js';
import { readJoins, readParted } from './read-joins.js';
import { readOrigin } from './read-origin.js';
import { readReleased } from './read-released.js';
import { traitsProblem } from './traits-problem.js';

/** A history, or all that is wrong with the line. */
export type ReadHistory =
  | {
      readonly history: History;
      /** The id of one of its events is sent by mistake, and is as if it were not sent. */
      readonly guarded?: true;
      /** It says a time to come, which is put at that of receipt. */
      readonly clamped?: true;
    }
  | {
      /** As they are told: the first ones, and how many more there are. */
      readonly problems: readonly Problem[];
      /** One of its ids is sent by mistake. */
      readonly guarded?: true;
    };

/** Reads one line. `now` is when it came, in milliseconds; `guarded` are ids that are nobody's. */
export function readHistory(value: unknown, now: Millis, guarded = new GuardedIds()): ReadHistory {
  for (const steps = historySteps(value, now, guarded); ;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a few milliseconds: a line may hold a whole life. */
export function* historySteps(
  value: unknown,
  now: Millis,
  guarded = new GuardedIds(),
): Generator<undefined, ReadHistory> {
  if (!isObject(value)) return { problems: [{ path: '', message: 'must be an object { "visitorId", "traits" }' }] };
  const misnamed = findMisnamed(value);
  if (misnamed) return { problems: [misnamed] };
  const line = new Line(now, guarded);
  line.problems.push(...unknownMembers('line', '', value));
  const visitorId = line.personId('visitorId', value['visitorId']);
  const at = line.maybeWord('timestamp', value['timestamp']);
  if (!TELLING.some((name) => value[name] !== undefined))
    line.refuse('traits', 'is missing; say something of the person: traits, consents, interactions or ids');
  const { known, others } = line.ids(value, visitorId);
  const history: History = {
    ...{ visitorId, known, others },
    traits: [
      ...line.traits(value['traits'], at),
      ...line.details(value, 'traitDetails'),
      ...line.details(value, 'outrankedTraits'),
    ],
    consents: line.consents(value['consents'], at),
    interactions: yield* line.interactions(value['interactions'], visitorId),
    contacts: readContacts(value, line.problems),
    released: readReleased(value['released'], line.problems),
    joins: readJoins(value['joins'], line.problems),
    parted: readParted(value['parted'], line.problems),
    origin: readOrigin(value['origin'], [visitorId, ...known, ...others], line.problems),
  };
  if (line.problems.length > 0)
    return { problems: tellProblems(line.problems), ...(line.isGuarded && { guarded: true }) };
  return { history, ...(line.isGuarded && { guarded: true }), ...(line.clamped && { clamped: true }) };
}

/** With so many problems a line is not looked at any further: it may have millions. */
const TOO_BAD = 1_000;
const INTERACTIONS_A_STEP = 250;

/** The parts of a line, noting what is wrong with each. */
class Line {
  readonly problems: Problem[] = [];
  /** Whether a time to come was said, and is put at that of receipt. */
  clamped = false;
  isGuarded = false;

  constructor(
    private readonly now: Millis,
    private readonly guarded: GuardedIds,
  ) {}

  refuse(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  /** These, but no more of them once there are too many problems. */
  *untilTooBad<T>(all: Iterable<T>): Generator<T> {
    for (const one of all) {
      if (this.problems.length >= TOO_BAD) return;
      yield one;
    }
  }

  id(path: string, value: Json | undefined): string {
    const read = readId(value);
    if (read && 'id' in read) return read.id;
    this.refuse(path, read?.wrong ?? `must be a text of 1 to ${MAX_ID_LENGTH} characters`);
    return '';
  }

  /** An id of the person, whom nobody else may share it with. */
  personId(path: string, value: Json | undefined): string {
    const id = this.id(path, value);
    if (!this.guarded.has(id)) return id;
    this.isGuarded = true;
    this.refuse(path, guardedMessage(id));
    return id;
  }

  /** One that is sent by mistake is as if it were not sent: many events would be taken for one. */
  private messageId(path: string, value: Json | undefined): string | undefined {
    const read = readId(value);
    if (read && 'wrong' in read) this.refuse(path, read.wrong);
    if (!read || !('id' in read)) return undefined;
    const isGuarded = this.guarded.has(read.id);
    if (isGuarded) this.isGuarded = true;
    return isGuarded ? undefined : read.id;
  }

  private eventName(path: string, value: Json | undefined): string {
    const name = nameIn(value);
    if (name !== undefined && name.length <= MAX_ID_LENGTH && name.isWellFormed()) return name;
    this.refuse(path, `must be a text of 1 to ${MAX_ID_LENGTH} whole characters`);
    return '';
  }

  /** The id of the line is a known one where nothing says otherwise, so that no browser can make it its own. */
  ids({ ids, identities, known: isKnown }: JsonObject, visitorId: string): Pick<History, 'known' | 'others'> {
    const said = this.object('identities', identities);
    this.problems.push(...unknownMembers('identities', 'identities', said));
    const known = this.list('identities.known', said['known']);
    const anonymous = this.list('identities.anonymous', said['anonymous']);
    if (isKnown !== undefined && typeof isKnown !== 'boolean')
      this.refuse('known', 'must be true or false: whether visitorId is the id of a known person, or a device');
    if (isKnown === false && known.includes(visitorId))
      this.refuse('known', 'is false, and identities.known has the visitorId; leave one of them out');
    if (isKnown === true && anonymous.includes(visitorId))
      this.refuse('known', 'is true, and identities.anonymous has the visitorId; leave one of them out');
    const isOwn = isKnown ?? !anonymous.includes(visitorId);
    return {
      known: isOwn && !known.includes(visitorId) ? [visitorId, ...known] : known,
      others: [...this.list('ids', ids), ...anonymous],
    };
  }

  traits(said: Json | undefined, at: Millis | undefined): History['traits'] {
    if (said === undefined) return [];
    const problem = traitsProblem(said);
    if (problem) this.refuse(problem.path === '' ? 'traits' : `traits.${problem.path}`, problem.message);
    return isObject(said) ? [{ traits: said, source: 'import', at, arrival: undefined }] : [];
  }

  details(line: JsonObject, member: 'traitDetails' | 'outrankedTraits'): History['traits'] {
    const details = this.untilTooBad(Object.entries(this.object(member, line[member])));
    return Array.from(details, ([name, detail]) => {
      const path = `${member}.${name}`;
      const said = this.object(path, detail);
      this.problems.push(...unknownMembers('trait', path, said));
      const { value = null, source, at, arrival } = said;
      if (depthOf(value) >= MAX_DEPTH) this.refuse(path, `is nested deeper than the limit of ${MAX_DEPTH}`);
      else this.finite(path, value);
      return {
        traits: { [name]: value },
        source: typeof source === 'string' && source !== '' ? source : 'import',
        at: this.maybeWord(`${path}.at`, at),
        arrival: arrivalIn(arrival),
      };
    });
  }

  consents(given: Json | undefined, at: Millis | undefined): History['consents'] {
    const consents = this.untilTooBad(Object.entries(this.object('consents', given)));
    return Array.from(consents, ([purpose, consent]) => {
      const path = `consents.${purpose}`;
      for (const { message } of purposeProblems(purpose)) this.refuse(path, message);
      const said = typeof consent === 'string' ? { status: consent } : this.object(path, consent);
      this.problems.push(...unknownMembers('consent', path, said));
      const status = said['status'] === 'expired' ? said['said'] : said['status'];
      if (status !== 'granted' && status !== 'denied') this.refuse(`${path}.status`, 'must be "granted" or "denied"');
      const until = this.maybeTime(`${path}.until`, said['until']);
      return {
        purpose,
        granted: status === 'granted',
        until,
        at: this.maybeWord(`${path}.at`, said['at']) ?? at,
        arrival: arrivalIn(said['arrival']),
      };
    });
  }

  *interactions(said: Json | undefined, visitorId: string): Generator<undefined, History['interactions']> {
    if (said !== undefined && !Array.isArray(said)) this.refuse('interactions', 'must be a list');
    const repeats = new Map<string, number>();
    const read: History['interactions'][number][] = [];
    for (const one of this.untilTooBad(Array.isArray(said) ? (said as readonly Json[]) : [])) {
      read.push(this.interaction(`interactions[${read.length}]`, one, { visitorId, repeats }));
      if (read.length % INTERACTIONS_A_STEP === 0) yield;
    }
    return read;
  }

  private interaction(
    path: string,
    one: Json,
    { visitorId, repeats }: { readonly visitorId: string; readonly repeats: Map<string, number> },
  ): History['interactions'][number] {
    const raw = this.object(path, one);
    this.problems.push(...unknownMembers('interaction', path, raw));
    const event = this.eventName(`${path}.event`, raw['event']);
    const properties = this.object(`${path}.properties`, raw['properties']);
    if (depthOf(properties) > MAX_DEPTH)
      this.refuse(`${path}.properties`, `is nested deeper than the limit of ${MAX_DEPTH}`);
    else this.finite(`${path}.properties`, properties);
    const channel = this.channel(`${path}.channel`, raw['channel']);
    const at = this.time(`${path}.timestamp`, raw['timestamp']);
    const said = { visitorId, event, channel, properties };
    const messageId =
      this.messageId(`${path}.messageId`, raw['messageId']) ?? hashedMessageId(raw, said, repeats) ?? '';
    const remembered = this.isOfBrowser(`${path}.by`, raw['by']) ? browserMessageId(messageId) : messageId;
    return { event, channel, properties, messageId: remembered, at, arrival: arrivalIn(raw['arrival']) };
  }

  private channel(path: string, said: Json | undefined): string {
    if (said !== undefined && said !== null && typeof said !== 'string') this.refuse(path, 'must be a text');
    return nameIn(said) ?? 'server';
  }

  /** Who said that it happened, as an export tells it. */
  private isOfBrowser(path: string, said: Json | undefined): boolean {
    if (said !== undefined && said !== 'browser') this.refuse(path, 'must be "browser", or be left out');
    return said === 'browser';
  }

  private finite(path: string, value: Json): void {
    const lost = findLost(value);
    if (lost) this.refuse(lost.path === '' ? path : `${path}.${lost.path}`, lost.message);
  }

  /** When something was said. */
  maybeWord(path: string, said: Json | undefined): Millis | undefined {
    const at = this.maybeTime(path, said);
    if (isClamped(at, this.now)) this.clamped = true;
    return at === undefined ? undefined : timeOfWord(at, this.now);
  }

  private maybeTime(path: string, said: Json | undefined): Millis | undefined {
    if (said === undefined || said === null) return undefined;
    const read = readTime(said);
    if ('at' in read) return read.at;
    this.refuse(path, read.wrong);
    return undefined;
  }

  /** As the intake of events reads it. */
  private time(path: string, timestamp: Json | undefined): Millis {
    const time =
      timestamp === undefined || timestamp === null || timestamp === ''
        ? undefined
        : eventTime({ timestamp }, this.now);
    if (time && 'at' in time) {
      if (time.retimed === 'future') this.clamped = true;
      return time.at;
    }
    this.refuse(path, time?.message ?? 'is missing; send when it happened, such as "2026-11-21T10:00:00Z"');
    return 0;
  }

  private list(path: string, said: Json | undefined): string[] {
    if (said !== undefined && !Array.isArray(said)) this.refuse(path, 'must be a list of ids');
    const all = Array.isArray(said) ? (said as readonly Json[]) : [];
    return Array.from(this.untilTooBad(all), (id, index) => this.personId(`${path}[${index}]`, id));
  }

  private object(path: string, said: Json | undefined): JsonObject {
    if (said === undefined || said === null) return {};
    if (isObject(said)) return said;
    this.refuse(path, typeof said === 'string' && !said.isWellFormed() ? BROKEN_TEXT : 'must be an object');
    return {};
  }
}
