import {
  bytesOf,
  inParts,
  oldestShown,
  type RecordedInput,
  RecordedInputs,
  type RecordedLimits,
  type RecordedPage,
  stateOf,
  untilDone,
  type VisitorState,
} from '../recorded-inputs.js';
import type { RedisConnection } from './redis-connection.js';
import type { RecordedKeys } from '../redis-scripts/recorded-scripts.js';

/** All in one hash slot; what is in them stands with the scripts. */
const KEYS: RecordedKeys = [
  'usher:{recorded}:order',
  'usher:{recorded}:inputs',
  'usher:{recorded}:states',
  'usher:{recorded}:index',
  'usher:{recorded}:last',
  'usher:{recorded}:bytes',
];
const [ORDER, INPUTS, STATES, INDEX] = KEYS;
/** So many are written or forgotten by one script, about two milliseconds, in which Redis does nothing else. */
const AT_ONCE = 25;
/** How often that is done in one call to forget. */
const ROUNDS = 8;
/** So many are read by one command. */
const READ_AT_ONCE = 100;
/** Of a person, so many are told at once: each may have all of a request in it. */
const TOLD_AT_ONCE = 25;
/** So many ids, or states, of a person are asked for at once. */
const IDS_AT_ONCE = 50;
const PAGE_SIZE = 1_000;
/** At most this many of the oldest are forgotten for each one appended. */
const TRIM_PER_APPENDED = 2;

/** What was recorded, in Redis. */
export class RedisRecordedInputs extends RecordedInputs {
  /** The connection is closed by whoever opened it. */
  constructor(
    private readonly connection: RedisConnection,
    private readonly limits: RecordedLimits,
  ) {
    super();
  }

  async append(inputs: readonly RecordedInput[], states: readonly VisitorState[]): Promise<void> {
    const { keep } = this.limits;
    if (keep === 0) return;
    for (const part of inParts(inputs, states, AT_ONCE)) {
      await this.makeRoom(bytesOf(part.inputs, part.states));
      const count = part.inputs.length;
      const parts = [...part.inputs.flatMap(inputParts), ...part.states.flatMap(stateParts)];
      await this.connection.run((redis) =>
        redis.recordInputs(...KEYS, keep, TRIM_PER_APPENDED * count, count, ...parts),
      );
    }
  }

  async page(since: number, limit: number, after?: string): Promise<RecordedPage> {
    if (limit <= 0) return { inputs: [], next: undefined };
    const first = sortable(Math.max(since, oldestShown(this.limits)));
    const from = after !== undefined && after > first ? `(${after}` : `[${first}`;
    const found = await this.connection.run((redis) => redis.zrangebylex(ORDER, from, '+', 'LIMIT', 0, limit + 1));
    const ids = found.slice(0, limit);
    return { inputs: await this.inputsOf(ids), next: found.length > limit ? ids.at(-1) : undefined };
  }

  async states(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const some of inSlices(keys)) {
      const values = await this.connection.run((redis) =>
        redis.hmgetBuffer(STATES, ...some.map((key) => JSON.stringify(key))),
      );
      some.forEach((key, index) => {
        const value = values[index];
        if (value) found.set(key, value.subarray(value.indexOf('\n') + 1));
      });
    }
    return found;
  }

  async *about(ids: readonly string[]): AsyncGenerator<readonly RecordedInput[]> {
    const found = new Set<string>();
    for (const some of inSlices([...new Set(ids)], IDS_AT_ONCE)) {
      const inputs = await Promise.all(some.map((id) => this.namesOf(JSON.stringify(id))));
      for (const name of inputs.flat()) found.add(name);
    }
    for (const some of inSlices([...found].sort(), TOLD_AT_ONCE)) yield await this.inputsOf(some);
  }

  async erase(ids: readonly string[]): Promise<number> {
    const texts = [...new Set(ids)].map((id) => JSON.stringify(id));
    let erased = 0;
    for (const some of inSlices(texts)) {
      erased += await untilDone(() => this.connection.run((redis) => redis.eraseRecorded(...KEYS, AT_ONCE, ...some)));
    }
    return erased;
  }

  async forgetBefore(instant: number): Promise<number> {
    return untilDone(
      () => this.connection.run((redis) => redis.forgetRecorded(...KEYS, AT_ONCE, sortable(instant))),
      ROUNDS,
    );
  }

  /** Before so many bytes are written. */
  private async makeRoom(bytes: number): Promise<void> {
    const { keepBytes } = this.limits;
    if (keepBytes === undefined) return;
    await untilDone(() => this.connection.run((redis) => redis.roomForRecorded(...KEYS, AT_ONCE, keepBytes, bytes)));
  }

  /** Those that are gone are left out. */
  private async inputsOf(ids: readonly string[]): Promise<RecordedInput[]> {
    const inputs: RecordedInput[] = [];
    for (const some of inSlices(ids)) {
      const values = await this.connection.run((redis) => redis.hmget(INPUTS, ...some));
      // The last of three lines: JSON has no line breaks.
      for (const value of values)
        if (value !== null) inputs.push(JSON.parse(value.slice(value.lastIndexOf('\n') + 1)) as RecordedInput);
    }
    return inputs;
  }

  /** Of the inputs of an id, a JSON text, and of those that were made from documents under it. */
  private async namesOf(id: string): Promise<string[]> {
    const [own, states] = await Promise.all([this.indexed(`v${id}`, ':'), this.indexed(`p${id}`, '#')]);
    for (const some of inSlices(states, IDS_AT_ONCE))
      own.push(...(await Promise.all(some.map((state) => this.indexed(`s${state}`, ':')))).flat());
    return own;
  }

  /** Page by page. */
  private async indexed(prefix: string, stop: string): Promise<string[]> {
    const found: string[] = [];
    for (let [from, isMore] = [`[${prefix}`, true]; isMore;) {
      const members = await this.connection.run((redis) =>
        redis.zrangebylex(INDEX, from, `(${prefix}${stop}`, 'LIMIT', 0, PAGE_SIZE),
      );
      for (const member of members) found.push(member.slice(prefix.length));
      from = `(${members.at(-1) ?? ''}`;
      isMore = members.length === PAGE_SIZE;
    }
    return found;
  }
}

function inputParts(input: RecordedInput): string[] {
  const state = stateOf(input);
  return [
    sortable(input.decidedAt),
    JSON.stringify(input.visitorId),
    state === undefined ? '' : JSON.stringify(state),
    JSON.stringify(input),
  ];
}

function stateParts({ key, id, document }: VisitorState): (string | Buffer)[] {
  return [
    JSON.stringify(key),
    JSON.stringify(id),
    Buffer.from(document.buffer, document.byteOffset, document.byteLength),
  ];
}

/** An instant as a text, in the order of time. */
function sortable(instant: number): string {
  return String(Math.max(0, Math.ceil(instant))).padStart(16, '0');
}

function inSlices<T>(all: readonly T[], size = READ_AT_ONCE): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, slice) =>
    all.slice(slice * size, (slice + 1) * size),
  );
}
