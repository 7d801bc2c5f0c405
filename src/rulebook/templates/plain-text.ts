/**
 * Templates that only fill values in, as nearly all do, without LiquidJS's generators: its parser has read them, and
 * its filters are used, and its way to read a property; only the walk over them is ours. What comes of it is held
 * against LiquidJS by a property in `plain-text.spec.ts`.
 */
import { toValue, toValueSync, TypeGuards, type Template, type Value } from 'liquidjs';
import type { JsonObject } from '../../engine/language/json.js';
import type { EventScope } from '../../engine/rulebook.js';
import type { TextEmitter } from './captured.js';
import { outputOf, putOut } from './guard-outputs.js';
import { MissingValue } from './missing-value.js';
import { TEMPLATE_NAMES, type TemplateContext } from './template-context.js';

/** Writes a text, or a part of it. Throws where a value is missing, as LiquidJS would. */
export type WriteText = (context: TemplateContext, emitter: TextEmitter) => void;

/** What writes a text; undefined where it has tags, or values whose path or filters depend on others. */
export function plainText(templates: readonly Template[]): WriteText | undefined {
  const parts = all(templates.map(partOf));
  if (!parts) return undefined;
  return (context, emitter) => {
    const { work } = context;
    // As LiquidJS charges for it: once for the text, once for each part.
    work.step(1);
    for (const write of parts) {
      work.step(1);
      write(context, emitter);
    }
  };
}

function partOf(template: Template): WriteText | undefined {
  if (TypeGuards.isHTMLToken(template.token)) {
    const { str } = template as unknown as OwnText;
    return (_context, emitter) => emitter.write(str);
  }
  const value = outputOf(template);
  const read = value && valueOf(value);
  if (!read) return undefined;
  const put = putOut(template, value);
  return (context, emitter) => put(read(context), { context, emitter });
}

/** What LiquidJS keeps of a template's own text. */
interface OwnText {
  readonly str: string;
}

type ReadValue = (context: TemplateContext) => unknown;
type ApplyFilter = (value: unknown, context: TemplateContext) => unknown;

function valueOf({ initial, filters }: Value): ReadValue | undefined {
  const [token, ...more] = initial.postfix;
  const read = more.length === 0 ? initialOf(token, filters.some(isDefault)) : undefined;
  const applied = all(filters.map((filter) => filterOf(filter as unknown as FilterParts)));
  if (!read || !applied) return undefined;
  return (context) => {
    let value = read(context);
    for (const apply of applied) value = apply(value, context);
    return value;
  };
}

function isDefault({ name }: { readonly name: string }): boolean {
  return name === 'default';
}

/** A constant, or what lies at the end of a path of constants. With a default it may be missing. */
function initialOf(token: unknown, mayBeMissing: boolean): ReadValue | undefined {
  const constant = constantIn(token);
  if (constant) return () => constant.content;
  const { props, variable } = token as PathParts;
  if (variable !== undefined || !props || props.length === 0) return undefined;
  const steps = all(props.map(constantIn))?.map(({ content }) => toValue(content) as string);
  if (!steps) return undefined;
  const shortcut = shortcutTo(steps);
  return (context) => {
    const found = shortcut?.(context);
    if (found !== undefined) return found;
    let value: unknown = context.environments;
    for (const [at, step] of steps.entries()) {
      value = toValueSync(context.readProperty(value as object, step));
      if (value !== undefined) continue;
      if (mayBeMissing) return null;
      throw new MissingValue(`${steps.slice(0, at + 1).join('.')} has no value`);
    }
    return value;
  };
}

/**
 * Leads to what is mostly asked for without LiquidJS's way, on which every object may be of many kinds: to plain values
 * in plain objects. Undefined where it does not get there, which LiquidJS's way then explains.
 */
function shortcutTo(steps: readonly unknown[]): ReadValue | undefined {
  const [root, name] = steps;
  if (steps.length === 2 && isPlainName(name)) {
    if (root === PROFILE) return ({ scope }) => ownMember(scope.profile, name);
    if (root === CONTEXT) return ({ scope }) => ownMember(scope.context, name);
  }
  return root === INTERACTIONS && typeof name === 'string' ? shortcutInto(name, steps.slice(2)) : undefined;
}

const [PROFILE, CONTEXT, INTERACTIONS] = TEMPLATE_NAMES;

function shortcutInto(event: string, steps: readonly unknown[]): ReadValue | undefined {
  const [part, of, property] = steps;
  if (typeof part !== 'string') return undefined;
  if (steps.length === 1) {
    const whole = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
    return whole && (({ scope }) => whole(scope.interactions(event)));
  }
  const side = Object.hasOwn(SIDES, part) ? SIDES[part] : undefined;
  if (steps.length !== 3 || !side || of !== 'properties' || !isPlainName(property)) return undefined;
  return ({ scope }) => side(scope.interactions(event), property) ?? undefined;
}

const PARTS: Readonly<Record<string, (told: EventScope | undefined) => unknown>> = {
  count: (told) => told?.count,
};
const SIDES: Readonly<Record<string, (told: EventScope | undefined, property: string) => unknown>> = {
  first: (told, property) => told?.ofFirst?.(property),
  last: (told, property) => told?.ofLast?.(property),
};

/** Whether objects have nothing by that name that is not their own. */
function isPlainName(name: unknown): name is string {
  return typeof name === 'string' && !(name in Object.prototype);
}

function ownMember(object: JsonObject, name: string): unknown {
  return Object.getPrototypeOf(object) === Object.prototype ? (object[name] ?? undefined) : undefined;
}

/** What LiquidJS keeps of a path: `variable` where it begins with a constant. */
interface PathParts {
  readonly props?: readonly unknown[];
  readonly variable?: unknown;
}

function filterOf({ handler, args, token, liquid }: FilterParts): ApplyFilter | undefined {
  const given: unknown[] = [];
  for (const one of args) {
    const constant = constantIn(Array.isArray(one) ? one[1] : one);
    if (!constant) return undefined;
    given.push(Array.isArray(one) ? [one[0], constant.content] : constant.content);
  }
  return (value, context) => {
    const made = handler.call({ context, token, liquid }, value, ...given);
    // What is no object has no steps that LiquidJS would go through; to look for them costs more than most filters.
    return typeof made === 'object' ? toValueSync(made) : made;
  };
}

/** What LiquidJS keeps of a filter to itself; an argument is a token, or a name with one. */
interface FilterParts {
  readonly handler: (this: object, ...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  readonly token: unknown;
  readonly liquid: unknown;
}

interface Constant {
  readonly content: unknown;
}

function constantIn(token: unknown): Constant | undefined {
  return typeof token === 'object' && token !== null && 'content' in token ? token : undefined;
}

/** Undefined where one of them is. */
function all<T>(found: readonly (T | undefined)[]): readonly T[] | undefined {
  const there = found.filter((one) => one !== undefined);
  return there.length === found.length ? there : undefined;
}
