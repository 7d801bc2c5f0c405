import { defaultOperators, Liquid, toValue, type Context, type Template } from 'liquidjs';
import type { TemplateScope } from '../../engine/rulebook.js';
import { finishedAddress } from './address.js';
import { DATE_FILTERS } from './date-filters.js';
import { guardOutputs } from './guard-outputs.js';
import { NUMBER_FILTERS, type TemplateFilter } from './number-filters.js';
import { TemplateContext, type TextKind } from './template-context.js';

/** Makes a text from what a template may see. Throws where a value is missing and has no default. */
export type RenderText = (scope: TemplateScope) => string;

/** Whether a text is a template at all. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Compiles one template. Throws LiquidJS's error where it can't be parsed; the check of the rules comes first. */
export function compileText(text: string, kind: TextKind): RenderText {
  const templates = parseTemplate(text);
  const own = ownBeginning(text);
  return (scope) => {
    const work = new Work() as unknown as Context['renderLimit'];
    const made = String(liquid.renderSync(templates, new TemplateContext(scope, kind, liquid, work)));
    return kind.place === 'address' ? finishedAddress(made, own) : made;
  };
}

/** What a template says before its first value or tag. */
export function ownBeginning(text: string): string {
  return text.slice(0, Math.max(0, text.search(/\{\{|\{%/)));
}

/** Parses a template with Usher's own rules about missing values. */
export function parseTemplate(text: string): Template[] {
  const templates = liquid.parse(text);
  guardOutputs(templates);
  return templates;
}

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

const LIMITS = { parseLimit: 100_000, memoryLimit: 1_000_000 };
/** So many tags and outputs are rendered, those of a loop as often as it turns: tens of milliseconds of work. */
const MOST_STEPS = 25_000;
/** For single steps that are long in themselves; honest work takes a hundredth of it, on a busy machine too. */
const LONGEST_MS = 1_000;

/**
 * What the rendering of one text may cost. Counted in steps, as a clock would let the same decision come out otherwise
 * on a busy machine. LiquidJS calls `check` before every step.
 */
class Work {
  private steps = 0;
  private readonly end = performance.now() + LONGEST_MS;

  check(now: number): void {
    if (++this.steps > MOST_STEPS || now > this.end) throw new TooMuchWork();
  }
}

const liquid = makeLiquid();

function makeLiquid(): Liquid {
  const made = new Liquid({
    ...LIMITS,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    operators: { ...defaultOperators, '<': ordered('<'), '<=': ordered('<='), '>': ordered('>'), '>=': ordered('>=') },
  });
  for (const tag of FILE_TAGS) delete made.tags[tag];
  // The same input must give the same answer.
  delete made.filters['sample'];
  for (const [name, filter] of Object.entries({ ...NUMBER_FILTERS, ...DATE_FILTERS })) register(made, name, filter);
  return made;
}

/** LiquidJS hands every filter the context that the rendering was begun with. */
function register(made: Liquid, name: string, filter: TemplateFilter): void {
  made.registerFilter(name, function (...args: unknown[]) {
    return this.context instanceof TemplateContext ? filter.apply({ context: this.context }, args) : undefined;
  });
}

/** What is not known is neither more nor less than anything: JavaScript takes null for 0. */
function ordered(name: string) {
  const compare = defaultOperators[name];
  return (left: unknown, right: unknown, context: Context) =>
    isNothing(left) || isNothing(right) || compare === undefined ? false : compare(left, right, context);
}

/** Ends the rendering of a template that goes on and on; the renderer drops the item. */
class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

function isNothing(value: unknown): boolean {
  return toValue(value) === null || toValue(value) === undefined;
}
