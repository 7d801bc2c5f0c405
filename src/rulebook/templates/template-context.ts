import { Context, type Liquid } from 'liquidjs';
import type { TemplateScope } from '../../engine/rulebook.js';
import { Captured } from './captured.js';
import { MissingValue } from './missing-value.js';
import type { TextPlace } from './text-place.js';
import { TemplateSetting, type TextSetting } from './template-setting.js';
import type { TextWork } from './text-work.js';

/** The names that a template may begin with. */
export const TEMPLATE_NAMES = ['profile', 'context', 'interactions', 'now'] as const;

/** Of what kind the text is that is rendered, and how it is written. */
export interface TextKind extends TextSetting {
  readonly place: TextPlace;
}

/**
 * What one rendering sees and obeys. Null is as good as not there, at every depth; the interactions of an event are
 * looked up only when asked for.
 */
export class TemplateContext extends Context {
  readonly setting: TemplateSetting;
  /** Why a filter last had nothing to give. */
  private why: string | undefined;

  constructor(
    readonly scope: TemplateScope,
    readonly kind: TextKind,
    liquid: Liquid,
    readonly work: TextWork,
  ) {
    const { renderLimit, memoryLimit } = work;
    super(namesOf(scope), liquid.options, { sync: true }, { liquid, renderLimit, memoryLimit });
    this.setting = new TemplateSetting(scope, kind);
  }

  override readProperty(from: object, name: string | number): unknown {
    if (from instanceof Events) return from.find(String(name));
    if (from instanceof Captured) return this.readProperty(new String(from.valueOf()), name);
    return (super.readProperty(from, name) as unknown) ?? undefined;
  }

  /** Begins another text. */
  begin(): void {
    this.why = undefined;
  }

  /** What a filter gives that can't do anything with a value; should the template have no default, that is why. */
  nothing(why: string): undefined {
    this.why = why;
  }

  /** The end of a rendering that has no value for an output. */
  missing(output: string): MissingValue {
    return new MissingValue(this.why ?? `${output} has no value`);
  }
}

class Events {
  constructor(private readonly scope: TemplateScope) {}

  /** With all parts at hand, as LiquidJS reads what an object has of its own. */
  find(event: string): unknown {
    const told = this.scope.interactions(event);
    return told?.property ? { count: told.count, first: told.first, last: told.last } : told;
  }
}

function namesOf(scope: TemplateScope): Record<(typeof TEMPLATE_NAMES)[number], unknown> {
  const { profile, context, now } = scope;
  if (now !== written.now) written = { now, text: new Date(now).toISOString() };
  return { profile, context, interactions: new Events(scope), now: written.text };
}

/** The texts of a decision have one moment. */
let written = { now: NaN, text: '' };
