import {
  CaptureTag,
  CycleTag,
  EchoTag,
  Output,
  toValue,
  toValueSync,
  Value,
  type Context,
  type Emitter,
  type Liquid,
} from 'liquidjs';
import type { Template } from 'liquidjs';
import { insertEncoded, insertIntoAddress } from './address.js';
import { CaptureEmitter, Captured, type Piece } from './captured.js';
import { escapeHtml } from './escape-html.js';
import { MissingValue } from './missing-value.js';
import { TemplateContext } from './template-context.js';

/**
 * Makes every `{{ … }}`, and the tags that put something out, keep two rules. No hole is left, unless the template says
 * `default`, wherever in its row of filters. And a value can say no more than its place lets it, unless the last filter
 * is `raw`.
 */
export function guardOutputs(templates: readonly Template[]): void {
  for (const template of templates) {
    const value = outputOf(template);
    if (value) guardOutput(template, value);
    else {
      if (template instanceof CycleTag) guardCycle(template);
      if (template instanceof CaptureTag) guardCapture(template);
      guardOutputs(childrenOf(template));
    }
  }
}

function childrenOf(template: Template): readonly Template[] {
  return template.children ? toValueSync<Template[]>(template.children(false, true)) : [];
}

/** The value that a template puts out, where that is all it does. */
export function outputOf(template: Template): Value | undefined {
  if (template instanceof Output) return template.value;
  if (!(template instanceof EchoTag)) return undefined;
  const [value] = template.arguments();
  return value instanceof Value ? value : undefined;
}

/** Whether nothing is left of a value that a page could show. */
function isHole(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value));
}

function guardOutput(template: Template, value: Value): void {
  const hasDefault = value.filters.some(({ name }) => name === 'default');
  const put = putOut(template, value);
  template.render = function* (context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    put(yield value.value(context, hasDefault), { context, emitter });
  };
}

/** What puts out a value that a template has found. Throws where it is missing. */
export function putOut(template: Template, value: Value): (given: unknown, outlet: Outlet) => void {
  const hasDefault = value.filters.some(({ name }) => name === 'default');
  const encoded = value.filters.at(-1)?.name ?? '';
  return (given, outlet) => {
    const { context } = outlet;
    if (context instanceof TemplateContext && Array.isArray(given)) context.work.step(given.length);
    const found: unknown = toValue(given);
    if (!hasDefault && (isHole(found) || found === '')) throw missing(context, template);
    if (!(given instanceof Captured)) return put({ value: textOf(found), encoded }, outlet);
    for (const piece of given.pieces) put(piece, outlet);
  };
}

/** What is captured is put out piece by piece, each as if it stood where it is put out. */
function guardCapture(tag: CaptureTag): void {
  const { templates, variable, liquid } = tag as unknown as CaptureParts;
  tag.render = function* (context: Context): Generator<unknown, void, string> {
    if (!(context instanceof TemplateContext)) throw new MissingValue('nothing is captured here');
    const emitter = new CaptureEmitter(context.work);
    yield liquid.renderer.renderTemplates(templates, context, emitter);
    context.bottom()[variable] = emitter.captured();
  };
}

/** What LiquidJS keeps of the tag to itself. */
interface CaptureParts {
  readonly templates: Template[];
  readonly variable: string;
  readonly liquid: Liquid;
}

/** Tells what comes in turn, of which none may be missing. */
function guardCycle(tag: CycleTag): void {
  const render = tag.render.bind(tag);
  tag.render = function* (context, emitter): Generator<unknown, string, unknown> {
    const found: unknown = toValue(yield render(context, emitter));
    if (isHole(found)) throw missing(context, tag);
    put({ value: textOf(found), encoded: '' }, { context, emitter });
    return '';
  };
}

function missing(context: Context, { token }: Template): MissingValue {
  const output = token.getText();
  return context instanceof TemplateContext ? context.missing(output) : new MissingValue(output);
}

/** As LiquidJS writes values: the items of a list one after another. An object where a text was meant is a hole. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return refuseObjects(value);
  if (Array.isArray(value)) return value.map((one: unknown) => textOf(toValue(one))).join('');
  if (value === undefined || value === null) return '';
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- an object is found out by its very text
  return refuseObjects(String(value));
}

/** Whatever filters made of it; a default does not mend that. */
function refuseObjects(text: string): string {
  if (/\[object object\]/i.test(text)) throw new MissingValue('an object stands where a text is meant');
  return text;
}

/** Where a piece is put out. */
interface Outlet {
  readonly context: Context;
  readonly emitter: Emitter;
}

function put(piece: Piece, { context, emitter }: Outlet): void {
  if (emitter instanceof CaptureEmitter) emitter.keep(piece);
  else emitter.write('own' in piece ? piece.own : inserted(piece, { context, emitter }));
}

function inserted({ value: text, encoded }: Exclude<Piece, { own: string }>, { context, emitter }: Outlet): string {
  if (encoded === 'raw' || !(context instanceof TemplateContext)) return text;
  switch (context.kind.place) {
    case 'plain':
      return text;
    case 'html':
      return HTML_FILTERS.has(encoded) ? text : escapeHtml(text);
    case 'address':
      return ADDRESS_FILTERS.has(encoded) ? insertEncoded(text) : insertIntoAddress(text, emitter.buffer);
  }
}

/** What comes from these is escaped. */
const HTML_FILTERS: ReadonlySet<string> = new Set(['escape', 'escape_once', 'xml_escape']);
/** What comes from these is percent-encoded. */
const ADDRESS_FILTERS: ReadonlySet<string> = new Set(['url_encode', 'cgi_escape', 'uri_escape']);
