/** Conditions that flags of other systems come to: the one file of this room that knows the words of ours. */
import { facts } from '../../engine/facts/facts.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Comparison, Condition, FactReference } from '../../engine/language/condition-definition.js';
import type { Json } from '../../engine/language/json.js';
import { pathProblem } from '../../engine/match/path.js';
import { NoCounterpart } from './no-counterpart.js';

/** A condition, or what is settled. */
export type When = Condition | boolean;

/** How a number, or a version, is to stand to another. */
export type Bound = '<' | '<=' | '>' | '>=';

const REQUEST = facts.find(({ source }) => source === 'request')?.name ?? '';
/** Usher's own, whatever a request says. */
const TAKEN: readonly string[] = ['placement'];
const BOUNDS: Readonly<Record<Bound, string>> = {
  '<': 'lessThan',
  '<=': 'lessThanInclusive',
  '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
};

/** All of them; what holds anyway is left out. */
export function allOf(parts: readonly When[]): When {
  if (parts.includes(false)) return false;
  const open = parts.filter(isOpen);
  return open.length === 0 ? true : open.length === 1 ? (open[0] ?? true) : { all: open };
}

/** One of them at least. */
export function anyOf(parts: readonly When[]): When {
  if (parts.includes(true)) return true;
  const open = parts.filter(isOpen);
  return open.length === 0 ? false : open.length === 1 ? (open[0] ?? false) : { any: open };
}

/** The opposite. */
export function noneOf(part: When): When {
  return typeof part === 'boolean' ? !part : 'not' in part ? part.not : { not: part };
}

/** A segment of that id holds. */
export function inSegment(id: string): When {
  return { condition: id };
}

/** A condition as a rule file has it: a branch at its root. */
export function rootOf(when: When): Condition {
  if (typeof when === 'boolean') return when ? { all: [] } : { not: { all: [] } };
  return 'fact' in when ? { all: [when] } : when;
}

/** Whether a condition looks at the request; otherwise at the person alone. */
export function readsRequest(when: When | Json): boolean {
  if (Array.isArray(when)) return when.some((one) => readsRequest(one as Json));
  if (!isObject(when)) return false;
  return when['fact'] === REQUEST || 'condition' in when || Object.values(when).some((one) => readsRequest(one));
}

/** An attribute of the evaluation context, by the names that lead to it. */
export function attribute(names: readonly string[]): FactReference {
  const [first] = names;
  if (first === undefined || names.includes('')) throw new NoCounterpart('the context as a whole can not be compared');
  if (TAKEN.includes(first)) throw new NoCounterpart(`an attribute "${first}" can not be seen, as Usher has its own`);
  const path = names.reduce((before, name) => `${before}${step(name)}`, '$');
  const wrong = pathProblem(path);
  if (wrong !== undefined) throw new NoCounterpart(`the attribute "${names.join('.')}" can not be named: ${wrong}`);
  return { fact: REQUEST, path };
}

/** It is one of these, exactly. */
export function isAmong(of: FactReference, values: readonly Json[]): When {
  const [only] = values;
  if (only === undefined) return false;
  return values.length === 1 ? compare(of, 'equal', only) : compare(of, 'in', [...values]);
}

/** It is a list with one of these in it. */
export function hasAmong(of: FactReference, values: readonly Json[]): When {
  return anyOf(values.map((value) => compare(of, 'contains', value)));
}

/** It is a text with this in it, or a list of which this is one. */
export function holds(of: FactReference, part: string): When {
  return compare(of, 'swap:in', part);
}

/** It is a part of this text. */
export function isPartOf(of: FactReference, text: string): When {
  return compare({ ...of }, 'in', text);
}

/** It is a number, or a text of one, on that side of another. */
export function isBound(of: FactReference, bound: Bound, number: number): When {
  return compare(of, BOUNDS[bound], number);
}

/** It is a text with that edge. */
export function hasEdge(of: FactReference, end: 'start' | 'end', text: string): When {
  return compare(of, end === 'start' ? 'startsWith' : 'endsWith', text);
}

/** It is a version that stands so to another. */
export function isVersion(of: FactReference, how: Bound | '=' | '!=', version: string): When {
  const operator = how === '=' ? 'equal' : how === '!=' ? 'notEqual' : BOUNDS[how];
  return compare(of, `semver:${operator}`, version);
}

/** The person falls between two numbers, from 0 to 100, in the draw of that name. */
export function isInShare(draw: string, from: number, to: number): When {
  const of = { fact: 'share', params: { salt: draw } };
  if (to <= from) return false;
  return allOf([from <= 0 || isBound(of, '>=', rounded(from)), to >= 100 || isBound(of, '<', rounded(to))]);
}

/** Shares add up to 100 where weights do, whatever becomes of the last bits. */
function rounded(percent: number): number {
  return Math.round(percent * 1e9) / 1e9;
}

function compare(of: FactReference, operator: string, value: Json): Comparison {
  return { ...of, operator, value };
}

function isOpen(part: When): part is Condition {
  return typeof part !== 'boolean';
}

/** A backtick keeps a name from meaning something else. */
function step(name: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(name)) return `.${name}`;
  return pathProblem(`$['${name}']`) === undefined ? `['${name}']` : `['\`${name}']`;
}
