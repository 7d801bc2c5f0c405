import { defaultOperators, Liquid, toValue, toValueSync, type Context, type Template } from 'liquidjs';
import type { TemplateScope } from '../../engine/rulebook.js';
import { finishedAddress } from './address.js';
import { Captured, TextEmitter } from './captured.js';
import { DATE_FILTERS } from './date-filters.js';
import { guardOutputs } from './guard-outputs.js';
import { NUMBER_FILTERS, type TemplateFilter } from './number-filters.js';
import { TemplateContext, type TextKind } from './template-context.js';
import { plainText, type WriteText } from './plain-text.js';
import type { TextWork } from './text-work.js';

/** Makes a text from what a template may see. Throws where a value is missing and has no default. */
export type RenderText = (scope: TemplateScope, work: TextWork) => string;

/** Whether a text is a template at all. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Compiles one template. Throws LiquidJS's error where it can't be parsed; the check of the rules comes first. */
export function compileText(text: string, kind: TextKind): RenderText {
  const templates = parseTemplate(text);
  const plain = plainText(templates);
  return finished(text, kind, plain ? inSpare(plain) : inItsOwn(byLiquid(templates)));
}

/** The same, rendered by LiquidJS whatever the template: what others are held against. */
export function compileByLiquid(text: string, kind: TextKind): RenderText {
  return finished(text, kind, inItsOwn(byLiquid(parseTemplate(text))));
}

function byLiquid(templates: Template[]): WriteText {
  return (context, emitter) => void toValueSync(liquid.renderer.renderTemplates(templates, context, emitter));
}

/** Writes a text in a context that has to begin. */
type WriteIn = (emitter: TextEmitter, ...begin: Parameters<TemplateContext['begin']>) => void;

function inItsOwn(write: WriteText): WriteIn {
  return (emitter, ...begin) => write(new TemplateContext(liquid).begin(...begin), emitter);
}

/** A text without tags leaves nothing in a context, so the next one may have it; but where a filter ended halfway. */
function inSpare(write: WriteText): WriteIn {
  return (emitter, scope, kind, work) => {
    const context = spare ?? new TemplateContext(liquid);
    // Whatever is rendered meanwhile has one of its own.
    spare = undefined;
    write(context.begin(scope, kind, work), emitter);
    context.end();
    spare = context;
  };
}

let spare: TemplateContext | undefined;

function finished(text: string, kind: TextKind, write: WriteIn): RenderText {
  const own = ownBeginning(text);
  return (scope, work) => {
    const emitter = new TextEmitter(work);
    write(emitter, scope, kind, work);
    const made = emitter.buffer;
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

/** The longest template there may be. */
export const LONGEST_TEMPLATE = 100_000;

const liquid = makeLiquid();

function makeLiquid(): Liquid {
  const made = new Liquid({
    parseLimit: LONGEST_TEMPLATE,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    operators: {
      ...Object.fromEntries(Object.keys(defaultOperators).map((name) => [name, charged(name)])),
      ...Object.fromEntries(['<', '<=', '>', '>='].map((name) => [name, ordered(name)])),
    },
  });
  for (const tag of FILE_TAGS) delete made.tags[tag];
  // The same input must give the same answer.
  delete made.filters['sample'];
  for (const [name, filter] of Object.entries({ ...NUMBER_FILTERS, ...DATE_FILTERS })) register(made, name, filter);
  for (const name of Object.keys(made.filters)) charge(made, name);
  return made;
}

/** LiquidJS hands every filter the context that the rendering was begun with. */
function register(made: Liquid, name: string, filter: TemplateFilter): void {
  made.registerFilter(name, function (...args: unknown[]) {
    return this.context instanceof TemplateContext ? filter.apply({ context: this.context }, args) : undefined;
  });
}

/** Has a filter of LiquidJS, or of ours, charge for what it is given before it looks at it. */
function charge(made: Liquid, name: string): void {
  const filter = made.filters[name];
  if (typeof filter !== 'function') return;
  made.filters[name] = function (value: unknown, ...more: unknown[]): unknown {
    // What was captured stays what it is where there is something of it.
    if (name === 'default' && value instanceof Captured && value.valueOf() !== '') return value;
    if (this.context instanceof TemplateContext) this.context.work.look(value, more);
    return filter.call(this, value, ...more) as unknown;
  };
}

/** An operator that looks through lists and texts. */
function charged(name: string) {
  return (left: unknown, right: unknown, context: Context) => {
    if (context instanceof TemplateContext) context.work.look(left, [right]);
    return defaultOperators[name]?.(left, right, context) ?? false;
  };
}

/** What is not known is neither more nor less than anything: JavaScript takes null for 0. */
function ordered(name: string) {
  const compare = defaultOperators[name];
  return (left: unknown, right: unknown, context: Context) =>
    isNothing(left) || isNothing(right) || compare === undefined ? false : compare(left, right, context);
}

function isNothing(value: unknown): boolean {
  return toValue(value) === null || toValue(value) === undefined;
}
