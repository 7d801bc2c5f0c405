import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../../doors/parse-json.js';
import { MAX_ID_LENGTH } from '../../doors/read-id.js';
import { readLines, type Line } from '../../doors/tables/ndjson.js';
import { isObject } from '../../engine/language/is-object.js';
import { Internal, MalformedBody, Stopping, UsherError, type Problem } from '../../errors.js';
import { MAX_DECISION_BYTES, readDecisionRequest, type DecisionAsk } from '../decision-request.js';
import { linesAtHand } from '../../http/lines-at-hand.js';

/** How lines become answers. */
export interface LineDecider {
  /** A `DecisionAnswer` as JSON, of a line that came then, on the clock of `performance.now()`. */
  decide(ask: DecisionAsk, arrivedAt: number): Promise<string>;
  /** Resolves when it is the turn of a line to be read and decided. */
  turn(): Promise<void>;
  /** Resolves when the answers of some more lines can be kept. */
  room(): Promise<void>;
}

/** The answer to a line that could not be decided. */
export interface LineRefusal {
  /** As the line says it, where it can be read. */
  readonly visitorId?: string;
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** Counted from 1, empty lines too. */
    readonly line: number;
    readonly problems: readonly Problem[];
  };
}

/** How long the rest of a body is let go by. */
const LINGER_MS = 1_000;
/** How many lines are decided at once: their visitors are read together. */
const GROUP_SIZE = 64;

/**
 * Decides a stream of requests, one JSON object per line, in constant memory: an answer line per request line, in the
 * same order. A bad line is answered with a {@link LineRefusal} and the rest go on. When the service stops, or the body
 * can't be read any further, what was read is answered and a last refusal names the first line that was not.
 */
export async function* decideLines(
  { body, charset }: { readonly body: Readable; readonly charset: string | undefined },
  decider: LineDecider,
  stop: AbortSignal,
): AsyncGenerator<string> {
  const bytes = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  const lines = readLines(bytes, { maxLength: MAX_DECISION_BYTES, charset });
  let answered = 0;
  try {
    for await (const { group, end } of linesAtHand(lines, GROUP_SIZE, stop)) {
      await decider.room();
      const arrivedAt = performance.now();
      const answers = await Promise.all(group.map((line) => decideLine(line, decider, arrivedAt)));
      answered = group.at(-1)?.number ?? answered;
      if (answers.length > 0) yield answers.map(toLine).join('');
      if (end !== 'stopped') continue;
      yield toLine(refusal(new Stopping(answered + 1), answered + 1));
      await letGoBy(body, lines);
    }
  } catch (error) {
    yield toLine(refusal(error, answered + 1));
  }
}

/** Whoever is still sending gets to read the answer: a connection that is closed on them takes it with it. */
async function letGoBy(body: Readable, lines: AsyncGenerator<Line>): Promise<void> {
  const gone = lines.return(undefined).then(() => finished(body.resume(), { writable: false }));
  await Promise.race([gone.catch(() => undefined), sleep(LINGER_MS, undefined, { ref: false })]);
}

function toLine(answer: string | LineRefusal): string {
  return `${typeof answer === 'string' ? answer : JSON.stringify(answer)}\n`;
}

async function decideLine(
  { number, text, problem }: Line,
  decider: LineDecider,
  arrivedAt: number,
): Promise<string | LineRefusal> {
  let asked: unknown;
  await decider.turn();
  try {
    if (text === undefined) throw new MalformedBody(`The line ${problem}.`);
    asked = parseJson(text, 'line', 'events');
    return await decider.decide(readDecisionRequest(asked), arrivedAt);
  } catch (error) {
    return refusal(error, number, asked);
  }
}

function refusal(error: unknown, line: number, asked?: unknown): LineRefusal {
  const { code, message, problems } = error instanceof UsherError ? error : new Internal();
  return { ...whose(asked), error: { code, message, line, problems } };
}

function whose(asked: unknown): { visitorId?: string } {
  const id = isObject(asked) ? asked['visitorId'] : undefined;
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? { visitorId: id } : {};
}
