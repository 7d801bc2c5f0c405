import {
  Context,
  defaultOperators,
  filters,
  Liquid,
  Output,
  toValue,
  toValueSync,
  type Emitter,
  type Template,
} from 'liquidjs';
import type { TemplateScope } from '../../engine/rulebook.js';

/** Makes a text from what a template may see. Throws where a value is missing and has no default. */
export type RenderText = (scope: TemplateScope) => string;

/** Whether a text is a template at all. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Compiles one template. Throws LiquidJS's error where it can't be parsed; the check of the rules comes first. */
export function compileText(text: string): RenderText {
  const templates = parseTemplate(text);
  const render = (scope: TemplateScope, check?: () => void) => {
    const context = new TemplateContext(namesOf(scope), liquid.options, { sync: true }, { liquid });
    if (check) context.renderLimit.check = check;
    return String(liquid.renderSync(templates, context));
  };
  return (scope) => {
    try {
      return render(scope);
    } catch (error) {
      if (!isOutOfTime(error)) throw error;
      return render(scope, workLimit(LIMITS.renderLimit));
    }
  };
}

function isOutOfTime(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('template render limit exceeded');
}

/**
 * LiquidJS looks at the clock, which also runs while a busy machine has others work. Whether a template is too much is
 * then told by the processor's own time, which costs more to look at.
 */
function workLimit(mostMs: number): () => void {
  const before = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(before);
    if ((user + system) / 1_000 > mostMs) throw new TooMuchWork();
  };
}

/** Ends the rendering of a template that is too much work. */
class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/** Parses a template with Usher's own rules about missing values. */
export function parseTemplate(text: string): Template[] {
  const templates = liquid.parse(text);
  guardOutputs(templates);
  return templates;
}

/** The names that a template may begin with. */
export const TEMPLATE_NAMES = ['profile', 'context', 'interactions', 'now'] as const;

/** Every variable of a template that it does not make itself, as the steps of its path. */
export function globalPaths(templates: Template[]): unknown[][] {
  return liquid.globalVariableSegmentsSync(templates);
}

/** The filters a template may use. */
export function filterNames(): string[] {
  return Object.keys(liquid.filters);
}

/** The tags a template may use. */
export function tagNames(): string[] {
  return Object.keys(liquid.tags);
}

/** Tags of LiquidJS that read other files; a template is complete in itself. */
export const FILE_TAGS: readonly string[] = ['include', 'render', 'layout', 'block'];

/** The limit of rendering is in milliseconds. */
const LIMITS = { parseLimit: 100_000, renderLimit: 50, memoryLimit: 1_000_000 };
const liquid = makeLiquid();

function makeLiquid(): Liquid {
  const made = new Liquid({
    ...LIMITS,
    outputEscape: 'escape',
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    timezoneOffset: 0,
    locale: 'en-GB',
    templates: {},
    operators: { ...defaultOperators, '<': ordered('<'), '<=': ordered('<='), '>': ordered('>'), '>=': ordered('>=') },
  });
  for (const tag of FILE_TAGS) delete made.tags[tag];
  // The same input must give the same answer.
  delete made.filters['sample'];
  for (const name of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'])
    useDecisionTime(made, name);
  return made;
}

/** What is not known is neither more nor less than anything: JavaScript takes null for 0. */
function ordered(name: string) {
  const compare = defaultOperators[name];
  return (left: unknown, right: unknown, context: Context) =>
    isNothing(left) || isNothing(right) || compare === undefined ? false : compare(left, right, context);
}

/** `'now' | date` is the time of the decision, not the clock's. */
function useDecisionTime(made: Liquid, name: string): void {
  const original = filters[name];
  if (typeof original !== 'function') return;
  made.registerFilter(name, function (value: unknown, ...args: unknown[]) {
    const isNow = value === 'now' || value === 'today';
    return original.call(
      this,
      isNow ? (this.context.environments as { now?: unknown }).now : value,
      ...args,
    ) as unknown;
  });
}

/** Null is as good as not there, at every depth; the interactions of an event are looked up only when asked for. */
class TemplateContext extends Context {
  override readProperty(from: object, name: string | number): unknown {
    if (from instanceof Events) return from.find(String(name));
    return (super.readProperty(from, name) as unknown) ?? undefined;
  }
}

class Events {
  constructor(private readonly scope: TemplateScope) {}

  find(event: string): unknown {
    return this.scope.interactions(event);
  }
}

function namesOf(scope: TemplateScope): Record<(typeof TEMPLATE_NAMES)[number], unknown> {
  const { profile, context } = scope;
  return {
    profile,
    context,
    interactions: new Events(scope),
    get now() {
      return new Date(scope.now).toISOString();
    },
  };
}

/** Makes every `{{ … }}` refuse to leave a hole, unless it says `default`, wherever in its row of filters. */
function guardOutputs(templates: readonly Template[]): void {
  for (const template of templates) {
    if (template instanceof Output) guardOutput(template);
    else if (template.children) guardOutputs(toValueSync<Template[]>(template.children(false, true)));
  }
}

function guardOutput(output: Output): void {
  const hasDefault = output.value.filters.some((filter) => filter.name === 'default');
  output.render = function* (context: Context, emitter: Emitter) {
    const value = toValue(yield output.value.value(context, hasDefault)) as unknown;
    if (!hasDefault && (isNothing(value) || value === '')) throw new MissingValue();
    // An object where a text was expected, whatever filters made of it; a default does not mend that.
    if (/\[object object\]/i.test(String(value))) throw new MissingValue();
    emitter.write(value);
  };
}

/** Ends the rendering of a template that would leave a hole; the renderer drops the item. */
class MissingValue extends Error {
  override readonly name = 'MissingValue';
}

function isNothing(value: unknown): boolean {
  return toValue(value) === null || toValue(value) === undefined;
}
