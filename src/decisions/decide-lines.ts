import { Internal, MalformedBody, UsherError } from '../errors.js';
import { inGroups, readLines, type Line } from '../doors/tables/ndjson.js';
import { parseJson } from '../doors/parse-json.js';
import { MAX_DECISION_BYTES, readDecisionRequest, type DecisionAsk } from './decision-request.js';
import type { DecisionAnswer } from './decision-answer.js';

type Decide = (ask: DecisionAsk) => Promise<DecisionAnswer>;

/** How many lines are decided at once: their visitors are read together. */
const GROUP_SIZE = 64;

/**
 * Decides a stream of requests, one JSON object per line, in constant memory: an answer line per request line, in the
 * same order. A bad line is answered with `{ "error": { code, message, line, problems } }` and the rest go on;
 * where the body can't be read any further, a last line says so of the lines that got no answer.
 */
export async function* decideLines(
  body: AsyncIterable<Buffer>,
  charset: string | undefined,
  decide: Decide,
): AsyncGenerator<string> {
  let last = 0;
  try {
    for await (const group of inGroups(readLines(body, { maxLength: MAX_DECISION_BYTES, charset }), GROUP_SIZE)) {
      const answers = await Promise.all(group.map((line) => decideLine(line, decide)));
      last = group.at(-1)?.number ?? last;
      yield answers.map(toLine).join('');
    }
  } catch (error) {
    // A connection that is lost has nobody to tell.
    if (!(error instanceof UsherError)) throw error;
    yield toLine(failedAt(last + 1, error));
  }
}

async function decideLine({ number, text, problem }: Line, decide: Decide): Promise<unknown> {
  try {
    if (text === undefined) throw new MalformedBody(`The line ${problem}.`);
    return await decide(readDecisionRequest(parseJson(text, 'line', 'events')));
  } catch (error) {
    return failedAt(number, error instanceof UsherError ? error : new Internal());
  }
}

function failedAt(line: number, { code, message, problems }: UsherError): unknown {
  return { error: { code, message, line, problems } };
}

function toLine(answer: unknown): string {
  return `${JSON.stringify(answer)}\n`;
}
