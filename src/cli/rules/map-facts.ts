import type { FactReference } from '../../engine/language/condition-definition.js';
import { factNames, facts } from '../../engine/facts/facts.js';
import { pathProblem } from '../../engine/match/path.js';

const HOME = facts.find(({ takesIn }) => takesIn === 'others')?.name ?? '';
const REQUEST = facts.find(({ source }) => source === 'request');

/** Facts of other rule sets that are of the request rather than of the person, going by their names. */
export const REQUEST_FACTS: readonly string[] = Array.isArray(REQUEST?.takesIn) ? REQUEST.takesIn : [];

/** Where the facts of another rule set are to be found in Usher. */
export interface FactChoices {
  /** Facts that are parts of the request's context, besides {@link REQUEST_FACTS}. */
  readonly context: readonly string[];
  /** Facts that are traits of the person, whatever their names say. */
  readonly profile: readonly string[];
}

/** Where a fact was found: as a fact of Usher's own of that name, or inside of one. */
export interface MappedFact {
  readonly fact: string;
  readonly to: string;
  /** Undefined for a fact of Usher's own. */
  readonly path: string | undefined;
}

/**
 * Where a fact is in Usher. One that Usher has keeps its name; one that is named as being of the request, here or by
 * the choices, is in `context`; any other is a trait, in `profile`.
 */
export function mapFact(fact: string, { context, profile }: FactChoices): MappedFact {
  if (profile.includes(fact)) return { fact, to: HOME, path: pathTo(fact) };
  const request = REQUEST?.name ?? '';
  if (context.includes(fact)) return { fact, to: request, path: pathTo(fact) };
  if (factNames.includes(fact)) return { fact, to: fact, path: undefined };
  return { fact, to: REQUEST_FACTS.includes(fact) ? request : HOME, path: pathTo(fact) };
}

/** The same value by Usher's facts; as a text, why no path says it. */
export function mapReference({ path = '' }: Pick<FactReference, 'path'>, mapped: MappedFact): FactReference | string {
  // What json-rules-engine finds nothing by must not find anything here.
  const unfit = path === '' ? undefined : pathProblem(path);
  if (unfit !== undefined) return unfit;
  if (mapped.path === undefined) return { fact: mapped.to, ...(path !== '' && { path }) };
  const joined = joinedPath(mapped.path, path);
  return pathProblem(joined) ?? { fact: mapped.to, path: joined };
}

/** A backtick keeps a name from meaning something else. */
function pathTo(name: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(name)) return `$.${name}`;
  const quoted = `$['${name}']`;
  return pathProblem(quoted) === undefined ? quoted : `$['\`${name}']`;
}

/** A path of json-rules-engine begins at the fact's value, with or without a `$`. */
function joinedPath(base: string, path: string): string {
  if (path === '' || path.startsWith('$')) return `${base}${path.slice(1)}`;
  return `${base}.${path}`;
}
