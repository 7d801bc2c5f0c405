import { exactJson } from '../../doors/exact-json.js';
import { findRepeated } from '../../doors/find-in-json.js';
import { readId } from '../../doors/read-id.js';
import { writeWithRepeats } from '../../doors/write-with-repeats.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { RepeatedName } from '../../engine/language/repeated-name.js';
import type { Problem } from '../../errors.js';
import type { RejectedEvent } from '../../stores/rejected-events.js';

/** An event that was refused, and all that is wrong with it. */
export interface Rejection {
  readonly raw: Json | undefined;
  readonly problems: readonly Problem[];
}

/**
 * The largest event that is kept whole, in bytes of JSON: what the Segment API takes. Of larger ones a beginning is
 * kept.
 */
const MAX_EVENT_BYTES = 32 * 1024;
const BEGINNING = 1_024;
const MAX_LIBRARY = 200;
/** What names a person in an event, or may. */
const IDS = ['userId', 'anonymousId', 'previousId'] as const;

/** What the list keeps of a refused event; `agent` is the request's own word of what sent it. Keys are not kept. */
export function rejectedEntry(
  { raw, problems }: Rejection,
  agent: string | undefined,
): Omit<RejectedEvent, 'id' | 'receivedAt' | 'channel'> {
  const text = textOf(isObject(raw) ? withoutKey(raw) : raw);
  const cut = Buffer.byteLength(text) > MAX_EVENT_BYTES;
  return {
    library: (libraryOf(raw) ?? agent)?.slice(0, MAX_LIBRARY).toWellFormed(),
    problems,
    text: cut ? text.slice(0, BEGINNING).toWellFormed() : text,
    cut,
    about: idsOf(raw),
  };
}

/** What opens something is not kept: keys, and proofs of whose a page is. */
function withoutKey({ writeKey: _key, ...event }: JsonObject): object {
  const { context } = event;
  return context === undefined ? event : { ...event, context: withoutProof(context) };
}

function withoutProof(context: unknown): unknown {
  if (context instanceof RepeatedName)
    return new RepeatedName(context.sources.map((one) => writeWithRepeats(withoutProof(exactJson(one)))));
  if (!isObject(context) || context['identityProof'] === undefined) return context;
  const { identityProof: _proof, ...others } = context;
  return others;
}

/** What is nested too deep to be written says so in its place; it could never be replayed. */
function textOf(raw: unknown): string {
  try {
    return findRepeated(raw) ? writeWithRepeats(raw) : (JSON.stringify(raw) ?? 'null');
  } catch {
    return '"nested too deep to be kept"';
  }
}

function libraryOf(raw: Json | undefined): string | undefined {
  const context = isObject(raw) ? raw['context'] : undefined;
  const library = isObject(context) ? context['library'] : undefined;
  if (!isObject(library) || typeof library['name'] !== 'string') return undefined;
  const { name, version } = library;
  return typeof version === 'string' ? `${name}/${version}` : name;
}

function idsOf(raw: Json | undefined): string[] {
  const said = isObject(raw) ? IDS.flatMap((name) => allOf(raw[name])) : [];
  return [...new Set(said.flatMap((id) => idAsKept(id) ?? []))];
}

/** What is given under one name more than once may name a person each time. */
function allOf(said: unknown): Json[] {
  return said instanceof RepeatedName ? said.sources.map((one) => exactJson(one) as Json) : [said as Json];
}

/** As its person is known by; of what is no id, as it was sent. */
function idAsKept(said: Json | undefined): string | undefined {
  const read = readId(said);
  if (read && 'id' in read) return read.id;
  return typeof said === 'string' && said !== '' ? said.slice(0, BEGINNING).toWellFormed() : undefined;
}
