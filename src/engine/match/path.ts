import { ownValue } from './own-value.js';

/** Follows a path into a value. A primitive is returned as it is; what is not there is undefined. */
export type PathReader = (value: unknown) => unknown;

/**
 * Compiles a JSONPath as json-rules-engine understands it (through jsonpath-plus with `wrap: false`): a definite path
 * gives the value or undefined; wildcards, slices and descents give an array, or undefined when nothing is found.
 *
 * Accepted: `$.a.b`, `a.b`, `$['a b'][0]`, `[*]`, `.*`, `[1:3]`, `..a`. Undefined for anything else: filters, scripts,
 * unions, parent and type selectors are off, as rule authors must not be able to run code.
 */
export function compilePath(path: string): PathReader | undefined {
  const steps = parseSteps(path);
  if (!steps) return undefined;
  return steps.every((step) => step.kind === 'name') ? definite(steps.map((step) => step.name)) : indefinite(steps);
}

/** The name with which a path begins; undefined where it begins with a wildcard, or is none. */
export function firstName(path: string): string | undefined {
  const first = parseSteps(path)?.[0];
  return first?.kind === 'name' ? first.name : undefined;
}

/**
 * The names along a path that leads to one value; undefined where a wildcard, a slice or a descent may lead to several,
 * or where it is no path.
 */
export function definiteNames(path: string): readonly string[] | undefined {
  const steps = parseSteps(path);
  return steps?.every((step) => step.kind === 'name') ? steps.map((step) => step.name) : undefined;
}

type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'every' | 'descend'; readonly name: string }
  | { readonly kind: 'slice'; readonly name: string; readonly bounds: readonly [number, number, number] };

const STEP =
  /\.\.(?=[^.[\]])|\.\.(?=\[)|\.?([^.[\]'"*~^@?();,:`$\\]+)|\.?(\*)|\[(\*)\]|\[(\d+)\]|\[(-?\d*):(-?\d*)(?::(\d*))?\]|\[(?:'([^'"\][*~^@?();,:`$\\]+)'|"([^'"\][*~^@?();,:`$\\]+)")\]/y;

function parseSteps(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let at = path.startsWith('$') ? 1 : 0;
  if (at === 1 && path.length > 1 && !'.['.includes(path.charAt(1))) return undefined;
  while (at < path.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (!found || misplaced(path, at, found[0], steps)) return undefined;
    steps.push(toStep(found));
    at = STEP.lastIndex;
  }
  return path.length === 0 || steps.at(-1)?.kind === 'descend' ? undefined : steps;
}

/** A bare name may only begin a path or follow a descent; elsewhere a dot must stand before it. */
function misplaced(path: string, at: number, text: string, steps: readonly Step[]): boolean {
  const bare = text.charAt(0) !== '.' && text.charAt(0) !== '[';
  return bare && !(at === 0 && !path.startsWith('$')) && steps.at(-1)?.kind !== 'descend';
}

function toStep(found: RegExpExecArray): Step {
  const [text, bareName, star, bracketStar, index, from, until, step, single, double] = found;
  const name = bareName ?? index ?? single ?? double;
  if (name !== undefined) return { kind: 'name', name };
  if (star ?? bracketStar) return { kind: 'every', name: '*' };
  if (text === '..') return { kind: 'descend', name: '..' };
  const bounds = [integer(from, 0), integer(until, Infinity), integer(step, 1)] as const;
  return { kind: 'slice', name: text.slice(1, -1), bounds };
}

/** jsonpath-plus reads 0 as absent, in each of the three places. */
function integer(text: string | undefined, absent: number): number {
  return Number.parseInt(text ?? '', 10) || absent;
}

function definite(names: readonly string[]): PathReader {
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
}

function indefinite(steps: readonly Step[]): PathReader {
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    const found = trace(steps, 0, { value, many: false });
    if (found.length === 0) return undefined;
    const [first] = found;
    return found.length === 1 && first && !first.many ? first.value : found.map((one) => one.value);
  };
}

function trace(steps: readonly Step[], at: number, here: Found): Found[] {
  const step = steps[at];
  if (!step) return [here];
  const { value } = here;
  const follow = (child: unknown, next = at + 1, many = true) => trace(steps, next, { value: child, many });
  switch (step.kind) {
    case 'name':
      return has(value, step.name) ? follow(value[step.name], at + 1, here.many) : [];
    case 'every':
      return children(value).flatMap((child) => follow(child));
    case 'slice':
      return slice(value, step.bounds).flatMap((child) => follow(child));
    case 'descend':
      return [
        ...follow(value, at + 1, here.many),
        ...children(value).flatMap((child) => (typeof child === 'object' ? follow(child, at) : [])),
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
