import { readFileSync } from 'node:fs';
import { exactJson } from '../../doors/exact-json.js';
import { findLost } from '../../doors/find-in-json.js';
import { isObject } from '../../engine/language/is-object.js';
import { CommandFailed } from '../../errors.js';
import type { Proof, Seen } from '../../proofs/logic/proof.js';
import { prove } from '../../proofs/prove.js';
import { CasePlaces, type RulePlace } from '../../rulebook/cases/case-places.js';
import type { LoadedRulebook } from '../../rulebook/build/load-rulebook.js';
import { Client } from '../client.js';

/** Where what was seen so far is to be had: in a file, or from a running service. */
export interface SeenOptions {
  readonly seen?: string;
  readonly url?: string;
  readonly key?: string;
}

/** A proof, and where the definitions that it is about stand. */
export interface PlacedProof extends Proof, RulePlace {
  readonly places: readonly RulePlace[];
}

/** What can be proved of rules, in the order of a reader; nothing where they have problems. */
export function proveRules(
  dir: string,
  { rulebook, definitions }: LoadedRulebook,
  seen: Seen | undefined,
): PlacedProof[] {
  if (!rulebook) return [];
  const proofs = prove({ definitions, rulebook, now: Date.now(), ...(seen && { seen }) });
  if (proofs.length === 0) return [];
  const places = new CasePlaces(dir);
  const placeOf = ({ kind, id, path }: Proof['at']): RulePlace =>
    places.of(kind, id, path) ?? { file: `${kind}/${id}`, line: 1, column: 1 };
  const placed = proofs.map((proof): PlacedProof => ({
    ...proof,
    ...placeOf(proof.at),
    places: (proof.others ?? []).map(placeOf),
  }));
  return placed.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
}

/** What events and visitors were seen to have; undefined where nobody asks for it to be looked at. */
export async function readSeen({ seen, url, key }: SeenOptions): Promise<Seen | undefined> {
  if (seen !== undefined && url !== undefined)
    throw new CommandFailed('Say either --seen or --url: what was seen comes from one of them.');
  if (seen !== undefined) return parseSeen(readFile(seen), seen);
  if (url === undefined) return undefined;
  return checkSeen(await new Client({ url, key }).get('/v1/tracking/seen'), url);
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`The file ${file} can't be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
}

function parseSeen(text: string, file: string): Seen {
  try {
    const value = exactJson(text);
    const lost = findLost(value);
    if (lost) throw new CommandFailed(`${file} can't be used: "${lost.path}" ${lost.message}`);
    return checkSeen(value, file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandFailed(`${file} is not JSON: ${error.message}`);
    throw error;
  }
}

const EXAMPLE =
  '{ "events": { "Product Viewed": { "properties": ["sku"] } }, "traits": ["interests"], "purposes": { "ads": ' +
  '{ "granted": 3, "denied": 1 } } }';

/** What is left out was not seen. */
function checkSeen(value: unknown, from: string): Seen {
  const { events = {}, traits = [], purposes = {}, ...more } = isObject(value) ? value : { events: null };
  const isOk =
    isObject(events) &&
    Object.values(events).every((one) => isObject(one) && isTexts(one['properties'])) &&
    isTexts(traits) &&
    isObject(purposes) &&
    Object.values(purposes).every(isCounts);
  if (!isOk)
    throw new CommandFailed(
      `${from} does not say what was seen. It looks like ${EXAMPLE}; GET /v1/tracking/seen answers so.`,
    );
  return { ...more, events, traits, purposes } as Seen;
}

function isCounts(value: unknown): boolean {
  return isObject(value) && typeof value['granted'] === 'number' && typeof value['denied'] === 'number';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
