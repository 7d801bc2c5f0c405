import type { DecisionAsk } from '../decisions/decision-request.js';
import { MAX_PLACEMENTS, readDecisionRequest } from '../decisions/decision-request.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json } from '../engine/language/json.js';
import type { Rulebook } from '../engine/rulebook.js';
import { InvalidRequest, MalformedBody, TargetingKeyMissing, UsherError } from '../errors.js';

/** Where a problem of a decision stands in what OFREP asks. */
const PATHS: Readonly<Record<string, string>> = { visitorId: 'context.targetingKey', channel: 'context.channel' };

/**
 * The decision that a body of OFREP asks for: the visitor is its `targetingKey`, the rest is the context of rules, and
 * `channel` is that of the request. Whatever else a body has is passed over, as the protocol grows. Throws what is
 * wrong with it.
 */
export function readEvaluation(body: unknown, placements: readonly string[]): DecisionAsk {
  const { targetingKey, channel, ...context } = contextIn(body);
  if (targetingKey === undefined || targetingKey === null || targetingKey === '') throw new TargetingKeyMissing();
  const said = { visitorId: targetingKey, placements, context, dryRun: true };
  try {
    return readDecisionRequest(channel === undefined || channel === null ? said : { ...said, channel });
  } catch (error) {
    throw error instanceof UsherError && error.code === InvalidRequest.code ? inContext(error) : error;
  }
}

/**
 * The placements of a bulk: those that are named, with commas between, or else all that a request on its channel may
 * ask for. Throws {@link InvalidRequest} where those are more than one request may ask for.
 */
export function bulkPlacements(
  named: unknown,
  { body, rulebooks }: { readonly body: unknown; readonly rulebooks: readonly Rulebook[] },
): readonly string[] {
  if (named !== undefined && named !== '') return namedIn(named, rulebooks);
  const { channel } = contextIn(body);
  const all = rulebooks.flatMap(({ placements }) => [...placements.values()]);
  const suiting = all.filter((one) => typeof channel !== 'string' || [undefined, channel].includes(one.channel));
  const ids = [...new Set(suiting.map(({ id }) => id))].sort();
  if (ids.length > MAX_PLACEMENTS) throw tooMany(ids.length);
  return ids;
}

function namedIn(named: unknown, rulebooks: readonly Rulebook[]): readonly string[] {
  const ids = [
    ...new Set(
      String(named)
        .split(',')
        .map((id) => id.trim()),
    ),
  ].filter((id) => id !== '');
  if (ids.length > MAX_PLACEMENTS) throw tooMany(ids.length);
  const unknown = ids.filter((id) => !rulebooks.some(({ placements }) => placements.has(id)));
  if (unknown.length === 0) return ids;
  const known = [...new Set(rulebooks.flatMap(({ placements }) => [...placements.keys()]))].sort().join(', ');
  throw new InvalidRequest(
    unknown.map((id) => ({
      path: 'placements',
      message: `there is no placement "${id.slice(0, 64)}"; the placements are ${known}`,
    })),
  );
}

function tooMany(count: number): UsherError {
  const message =
    `${count} placements are more than the limit of ${MAX_PLACEMENTS}; name those of the page in the address, such ` +
    'as ?placements=home.hero,home.cards, or say the channel in the context';
  return new InvalidRequest([{ path: 'placements', message }]);
}

function contextIn(body: unknown): Readonly<Record<string, Json | undefined>> {
  if (!isObject(body)) throw new MalformedBody('The body is no object. Send { "context": { "targetingKey": "u-9" } }.');
  const { context } = body;
  if (context === undefined) throw new TargetingKeyMissing();
  if (!isObject(context)) throw new InvalidRequest([{ path: 'context', message: 'must be an object' }]);
  return context;
}

function inContext({ problems }: UsherError): UsherError {
  return new InvalidRequest(problems.map(({ path, message }) => ({ path: PATHS[path] ?? path, message })));
}
