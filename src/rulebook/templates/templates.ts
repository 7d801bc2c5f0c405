import type { Json, JsonObject } from '../../engine/language/json.js';
import type { Definition } from '../../engine/language/definitions.js';
import type { RenderedTreatment } from '../../engine/answer.js';
import type { Renderer, TemplateScope } from '../../engine/rulebook.js';
import { TextBudget } from '../../engine/text-budget.js';
import { compileText, isTemplate } from './liquid.js';
import { placeOf } from './text-place.js';
import type { TextKind } from './template-context.js';
import { TextWork } from './text-work.js';
import { whyMissing } from './missing-value.js';

type Treatment = Definition<'offers'>['treatments'][string];
type Action = NonNullable<Treatment['actions']>[number];

/**
 * Compiles a treatment. Texts with `{{` or `{%` are Liquid templates, everything else is constant; what is constant is
 * built once, frozen and shared between decisions. The renderer gives undefined when a value is missing and has no
 * `default`, so that nobody is ever shown "Hello ,".
 */
export function renderer({ content, actions = [], as, locale }: Treatment): Renderer {
  const html = as === 'html' && { as };
  const part = compile({ content, actions: actions.map(plainAction), ...html }, { place: as ?? 'plain', as, locale });
  if (!part.make) {
    const constant = part.constant as unknown as RenderedTreatment;
    return () => constant;
  }
  const { make } = part;
  return (scope, told) => {
    const work = new TextWork(scope.budget ?? new TextBudget());
    return withoutStacks(() => make(scope, work) as unknown as RenderedTreatment, told);
  };
}

/**
 * Undefined where rendering throws: a value is missing, or a limit was passed; either way there is nothing fit to be
 * shown. LiquidJS throws and catches an error for each value that is missing, `default` or not; nobody reads their
 * stacks, which cost more than all the rest.
 */
function withoutStacks<T>(render: () => T, told?: (why: string) => void): T | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return render();
  } catch (error) {
    told?.(whyMissing(error));
    return undefined;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** What a template of the treatment is written for, by the name that it stands under. */
interface Where extends TextKind {
  readonly as: Treatment['as'];
}

type Make = (scope: TemplateScope, work: TextWork) => Json;

/** A value of a treatment: built once, or made for each decision. */
type Part = { readonly constant: Json; readonly make?: undefined } | { readonly make: Make };

function compile(value: Json, where: Where): Part {
  if (typeof value === 'string') return isTemplate(value) ? { make: compileText(value, where) } : { constant: value };
  if (typeof value !== 'object' || value === null) return { constant: value };
  return isList(value) ? compileList(value, where) : compileObject(value, where);
}

function compileList(list: readonly Json[], where: Where): Part {
  const parts = list.map((one) => compile(one, where));
  const made = parts.flatMap(({ make }, at) => (make ? [{ at, make }] : []));
  const shape = list.map((_, at) => constantOf(parts[at]));
  if (made.length === 0) return { constant: Object.freeze(shape) };
  return {
    make: (scope, work) => {
      const copy = [...shape];
      for (const { at, make } of made) copy[at] = make(scope, work);
      return copy;
    },
  };
}

function compileObject(object: JsonObject, where: Where): Part {
  const parts = Object.entries(object).map(
    ([name, value]) => [name, compile(value, { ...where, place: placeOf(name, where.as) })] as const,
  );
  const made = parts.flatMap(([name, { make }]) => (make ? [{ name, make }] : []));
  const shape = Object.fromEntries(parts.map(([name, part]) => [name, constantOf(part)]));
  if (made.length === 0) return { constant: Object.freeze(shape) };
  return {
    make: (scope, work) => {
      const copy = { ...shape };
      for (const { name, make } of made) put(copy, name, make(scope, work));
      return copy;
    },
  };
}

/** `__proto__` is a name like any other; it is there already, so that only its value changes. */
function put(object: Record<string, Json>, name: string, value: Json): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value });
  else object[name] = value;
}

function constantOf(part: Part | undefined): Json {
  return part && !part.make ? part.constant : null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function plainAction(action: Action): JsonObject {
  return Object.fromEntries(Object.entries(action).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
