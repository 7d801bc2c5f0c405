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
 * same order. A bad line is answered with `{ "error": { code, message, line, problems } }` and the rest go on.
 */
export async function* decideLines(body: AsyncIterable<Buffer>, decide: Decide): AsyncGenerator<string> {
  for await (const group of inGroups(readLines(body, MAX_DECISION_BYTES), GROUP_SIZE)) {
    const answers = await Promise.all(group.map((line) => decideLine(line, decide)));
    yield answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
  }
}

async function decideLine({ number, text }: Line, decide: Decide): Promise<unknown> {
  try {
    if (text === undefined)
      throw new MalformedBody(`The line is longer than the limit of ${MAX_DECISION_BYTES} characters.`);
    return await decide(readDecisionRequest(parseJson(text, 'line', 'events')));
  } catch (error) {
    const { code, message, problems } = error instanceof UsherError ? error : new Internal();
    return { error: { code, message, line: number, problems } };
  }
}
