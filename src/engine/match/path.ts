import { ownValue } from '../values/own-value.js';

/** Follows a path into a value. A primitive is returned as it is; what is not there is undefined. */
export type PathReader = (value: unknown) => unknown;

/**
 * Compiles a JSONPath as json-rules-engine understands it (through jsonpath-plus with `wrap: false`): a definite path
 * gives the value or undefined; wildcards, slices and descents give an array, or undefined when nothing is found.
 *
 * Accepted: `$.a.b`, `a.b`, `$['a b'][0]`, `[*]`, `.*`, `[1:3]`, `..a`, and a backtick before a name that would mean
 * something else, as in `` $['`@type'] ``. Undefined for anything else; {@link pathProblem} says why.
 */
export function compilePath(path: string): PathReader | undefined {
  const steps = readPath(path);
  if (typeof steps === 'string') return undefined;
  return steps.every((step) => step.kind === 'name') ? pathOfNames(steps.map((step) => step.name)) : indefinite(steps);
}

/** Why a path is not accepted: the character at fault and what to write instead; undefined for one that is. */
export function pathProblem(path: string): string | undefined {
  const steps = readPath(path);
  return typeof steps === 'string' ? steps : undefined;
}

/** The name with which a path begins; undefined where it begins with anything else, or is no path. */
export function firstName(path: string): string | undefined {
  const steps = readPath(path);
  const first = typeof steps === 'string' ? undefined : steps[0];
  return first?.kind === 'name' ? first.name : undefined;
}

/**
 * The names along a path that leads to one value; undefined where a wildcard, a slice or a descent may lead to several,
 * or where it is no path.
 */
export function definiteNames(path: string): readonly string[] | undefined {
  const steps = readPath(path);
  if (typeof steps === 'string') return undefined;
  return steps.every((step) => step.kind === 'name') ? steps.map((step) => step.name) : undefined;
}

/** The names along a path, wherever it leads; none where it is no path. */
export function namesInPath(path: string): readonly string[] {
  const steps = readPath(path);
  return typeof steps === 'string' ? [] : steps.flatMap(({ kind, name }) => (NAMED.includes(kind) ? [name] : []));
}

const NAMED: readonly string[] = ['name', 'escaped'];

/**
 * The list that a path walks first, by a wildcard, a slice or a descent, and what it looks at of each element;
 * undefined where it leads to one value, or is no path. Both are texts to be compared and not to be read.
 */
export function walkedList(path: string): { readonly list: string; readonly rest: string } | undefined {
  const steps = readPath(path);
  const at = typeof steps === 'string' ? -1 : steps.findIndex(({ kind }) => !NAMED.includes(kind)) + 1;
  if (typeof steps === 'string' || at <= 0) return undefined;
  return { list: JSON.stringify(steps.slice(0, at)), rest: JSON.stringify(steps.slice(at)) };
}

/** `name` is what jsonpath-plus has for the step: a property of that very name may come before what it means. */
type Step =
  | { readonly kind: 'name' | 'escaped' | 'every' | 'descend'; readonly name: string }
  | { readonly kind: 'slice'; readonly name: string; readonly bounds: readonly [number, number, number] };

/** In this order: a descent, a wildcard, an index, a slice, a name in single or double quotes, and a bare name. */
const STEP =
  /(\.\.(?=[^.\]])|\.(?=\[))|\.?(\*)(?=[.[]|$)|\[(\*)\]|\[(\d+)\]|\[(-?\d*:-?\d*(?::\d*)?)\]|\['([^[\]]*)'\]|\["([^[\]']*)"\]|\.?([^.[\]]+)/y;

/** The steps of a path; or, as a text, why there are none. */
function readPath(path: string): readonly Step[] | string {
  const unfit = unfitBeginning(path) ?? unfitAnywhere(path);
  if (unfit !== undefined) return unfit;
  const steps: Step[] = [];
  let at = path.startsWith('$') ? 1 : 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    const step = found && !misplaced(at, found[0], steps) ? toStep(found) : unfitAt(path, at);
    if (typeof step === 'string') return step;
    if (step.kind === 'descend' && steps.some(({ kind }) => kind === 'descend')) return TWO_DESCENTS;
    steps.push(step);
    at = STEP.lastIndex;
  }
  return steps;
}

/** Each descent looks at all there is below all that the one before it found. */
const TWO_DESCENTS = 'it looks at any depth more than once, by ".." or "." before "["; write out the names between';

/** What jsonpath-plus takes for an empty name, or for the beginning of a name, though it looks like the whole fact. */
function unfitBeginning(path: string): string | undefined {
  const [first = '', second = '.'] = path;
  if (path === '') return 'it is empty; write one such as "$.city", or leave "path" out';
  if (first === '.' || first === '[') return `it begins with "${first}"; write "${suggestion(path)}"`;
  if (first === '$' && second !== '.' && second !== '[')
    return `after "$" comes "${second}"; write "$.${path.slice(1)}", or "$['${path}']" for a name that begins with "$"`;
  return undefined;
}

/** The same path from the whole fact on, where that is one. */
function suggestion(path: string): string {
  return typeof readPath(`$${path}`) === 'string' ? '$.city' : `$${path}`;
}

const RENAME = "a name with it can't be reached: send it under another";

/** What jsonpath-plus acts upon wherever it stands, in a name too. */
const NOWHERE: readonly (readonly [RegExp, string])[] = [
  [/[['"]\??\(/, `is a filter or a script, which are off; a name that begins so is written $['\`(…)']`],
  [/\^/, `leads to the parent, which is off; ${RENAME}`],
  [/,/, `joins several names, which is off; write a condition for each; ${RENAME}`],
  [/;/, `would cut a name in two; ${RENAME}`],
  [/#\d/, `would be lost with the name around it; ${RENAME}`],
  [/%@|@%/, `would become a dot; ${RENAME}`],
  [
    /@(?:null|boolean|number|string|integer|undefined|nonFinite|scalar|array|object|function|other)\(\)/,
    `asks for a type, which is off; ${RENAME}`,
  ],
];

function unfitAnywhere(path: string): string | undefined {
  for (const [pattern, why] of NOWHERE) {
    const found = pattern.exec(path);
    if (found) return `"${found[0]}" ${why}`;
  }
  return undefined;
}

/** A bare name may only begin a path or follow a descent; elsewhere a dot must stand before it. */
function misplaced(at: number, text: string, steps: readonly Step[]): boolean {
  const bare = text.charAt(0) !== '.' && text.charAt(0) !== '[';
  return bare && at > 0 && steps.at(-1)?.kind !== 'descend';
}

function unfitAt(path: string, at: number): string {
  const rest = path.slice(at);
  if (/^\.+$/.test(rest)) return 'it ends with "."; write the name that is missing, or remove it';
  if (rest.startsWith('..')) return 'there is one "." too many; write ".name", or "..name" for a name at any depth';
  if (rest.startsWith(`["`) && rest.includes(`'`)) return `"'" can't stand between double quotes; write $['it's']`;
  if (rest.startsWith('['))
    return '"[" needs a number, a slice such as [0:2], [*], or a name between quotes without "[" and "]", and then "]"';
  if (/^\.?\]/.test(rest)) return '"]" stands there without its "["; remove it';
  return `before "${[...rest][0] ?? ''}" a "." is missing`;
}

function toStep([, descent, star, bracketStar, index, slice, single, double, bare]: RegExpExecArray): Step | string {
  if (descent !== undefined) return { kind: 'descend', name: '..' };
  if (star ?? bracketStar) return { kind: 'every', name: '*' };
  if (index !== undefined) return { kind: 'name', name: index };
  if (slice !== undefined) return toSlice(slice);
  const name = single ?? double ?? bare ?? '';
  const unfit = bare === undefined ? unfitQuoted(name) : unfitBare(name);
  if (unfit !== undefined) return unfit;
  return name.startsWith('`') ? { kind: 'escaped', name } : (otherMeaning(name) ?? { kind: 'name', name });
}

function unfitBare(name: string): string | undefined {
  if (name.includes('~'))
    return `"~" asks for the name of a property, which is off; write $['${name}'] for a name with it`;
  const quote = /^['"]|['"]$/.exec(name)?.[0];
  return quote && `"${quote}" begins or ends a name that has no brackets around it; write $['name']`;
}

function unfitQuoted(name: string): string | undefined {
  return name.includes(`'`) && name.includes('~') ? `"'" and "~" can't stand in one name; ${RENAME}` : undefined;
}

/** Names that jsonpath-plus takes for something else unless a backtick stands before them. */
function otherMeaning(name: string): string | undefined {
  const begins = /^(?:[*$~]$|\.\.$|-?\d*:-?\d*:?\d*$|\??\(|@)/.exec(name)?.[0];
  return begins === undefined
    ? undefined
    : `"${begins}" is no name here but means something else; a name that begins so is written $['\`${name}']`;
}

function toSlice(text: string): Step {
  const [from, until, step] = text.split(':');
  return { kind: 'slice', name: text, bounds: [integer(from, 0), integer(until, Infinity), integer(step, 1)] };
}

/** jsonpath-plus reads 0 as absent, in each of the three places. */
function integer(text: string | undefined, absent: number): number {
  return Number.parseInt(text ?? '', 10) || absent;
}

/** Follows names, each of which an object must have of its own. */
export function pathOfNames(names: readonly string[]): PathReader {
  const reads = names.map((name) => ownValue(name));
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    let here: unknown = value;
    for (const read of reads) {
      // A text has something of its own too: its length and its characters.
      if (!here) return undefined;
      here = read(here);
    }
    return here;
  };
}

interface Found {
  readonly value: unknown;
  /** Whether a wildcard or slice led here: then even one result is a list. */
  readonly many: boolean;
  /**
   * Whether jsonpath-plus puts a property of that very name before what a step means: behind a wildcard, and behind a
   * name that it did not follow for this reason.
   */
  readonly literally: boolean;
}

function indefinite(steps: readonly Step[]): PathReader {
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    const found = trace(steps, 0, { value, many: false, literally: false });
    if (found.length === 0) return undefined;
    const [first] = found;
    return found.length === 1 && first && !first.many ? first.value : found.map((one) => one.value);
  };
}

function trace(steps: readonly Step[], at: number, here: Found): Found[] {
  const step = steps[at];
  if (!step) return [here];
  const { value, many } = here;
  const follow = (child: unknown, more: Partial<Found> = {}, next = at + 1) =>
    trace(steps, next, { value: child, many, literally: false, ...more });
  const named = (name: string) => (has(value, name) ? follow(value[name], { literally: true }) : []);
  if (here.literally && has(value, step.name)) return follow(value[step.name]);
  switch (step.kind) {
    case 'name':
      return named(step.name);
    case 'escaped':
      return named(has(value, step.name.slice(1)) ? step.name.slice(1) : step.name);
    case 'every':
      return children(value).flatMap((child) => follow(child, { many: true, literally: true }));
    case 'slice':
      return slice(value, step.bounds).flatMap((child) => follow(child, { many: true }));
    case 'descend':
      return [
        ...follow(value),
        ...children(value).flatMap((child) => (typeof child === 'object' ? follow(child, { many: true }, at) : [])),
      ];
  }
}

function has(value: unknown, name: string): value is Record<string, unknown> {
  return Boolean(value) && Object.hasOwn(value as object, name);
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}

function slice(value: unknown, [from, until, step]: readonly [number, number, number]): unknown[] {
  if (!Array.isArray(value)) return [];
  const bound = (at: number) => (at < 0 ? Math.max(0, at + value.length) : Math.min(value.length, at));
  const taken: unknown[] = [];
  for (let at = bound(from); at < bound(until); at += step) taken.push(value[at]);
  return taken;
}
