import { setTimeout as sleep } from 'node:timers/promises';
import { Stopping, CommandFailed } from '../../errors.js';
import type { Client } from '../client.js';
import type { RowRequest } from './row-request.js';

/** The line that answers a row: a decision, or what is wrong with the row. */
export interface LineAnswer {
  readonly visitorId?: string;
  readonly served?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly line: number };
}

/** How often a service that stops may be asked again without a single answer. */
const ATTEMPTS = 8;
const PAUSE_MS = 1_000;

/**
 * Asks the running service at a path, and gives the answers in the order of the rows, perhaps in several parts. A row
 * that can't be asked is answered in its place, and each error names its row. Where the service stops, the one that
 * comes after it is asked for the rest. Throws `CommandFailed` where none does.
 */
export async function* decideRequests(
  client: Client,
  path: string,
  requests: readonly RowRequest[],
): AsyncGenerator<readonly LineAnswer[]> {
  let rest = requests;
  for (let attempt = 1; rest.length > 0; attempt++) {
    const asked = rest.flatMap((one) => ('text' in one ? [one.text] : []));
    const body = asked.join('\n');
    const answers =
      asked.length === 0 ? [] : await client.postLines({ path, type: 'application/x-ndjson', body, repeatable: true });
    const { told, left } = toRows(rest, answers as readonly LineAnswer[]);
    if (told.length > 0) yield told;
    if (left.length === 0) return;
    if (told.length > 0) attempt = 0;
    if (attempt >= ATTEMPTS) throw new CommandFailed('The service stops again and again. See its log.');
    await sleep(PAUSE_MS);
    rest = left;
  }
}

/** Each answer with its row, up to where the service stopped. */
function toRows(
  requests: readonly RowRequest[],
  answers: readonly LineAnswer[],
): { told: LineAnswer[]; left: readonly RowRequest[] } {
  const told: LineAnswer[] = [];
  let at = 0;
  for (const [index, request] of requests.entries()) {
    const answer = 'refused' in request ? refusal(request) : answers[at++];
    if (answer?.error?.code === Stopping.code) return { told, left: requests.slice(index) };
    if (answer === undefined) throw strange();
    told.push(answer.error ? { ...answer, error: { ...answer.error, line: request.number } } : answer);
  }
  if (answers.length > at) throw strange();
  return { told, left: [] };
}

function refusal({ number, visitorId, refused }: RowRequest & { readonly refused: string }): LineAnswer {
  const message = `The row ${refused}.`;
  return { ...(visitorId !== undefined && { visitorId }), error: { code: 'INVALID_REQUEST', message, line: number } };
}

function strange(): Error {
  return new CommandFailed(
    'The service did not answer line for line, as Usher does. Check the address given with --url or USHER_URL.',
  );
}
