import { Context, type Liquid } from 'liquidjs';
import type { TemplateScope } from '../../engine/rulebook.js';
import { TextBudget } from '../../engine/text-budget.js';
import { Captured } from './captured.js';
import { MissingValue } from './missing-value.js';
import type { TextPlace } from './text-place.js';
import { TemplateSetting, type TextSetting } from './template-setting.js';
import { TextWork } from './text-work.js';

/** The names that a template may begin with. */
export const TEMPLATE_NAMES = ['profile', 'context', 'interactions', 'now'] as const;

/** Of what kind the text is that is rendered, and how it is written. */
export interface TextKind extends TextSetting {
  readonly place: TextPlace;
}

/**
 * What one rendering sees and obeys, from when it begins until it ends. Null is as good as not there, at every depth;
 * the interactions of an event are looked up only when asked for.
 */
export class TemplateContext extends Context {
  readonly setting = new TemplateSetting(this);
  scope: TemplateScope = NOBODY;
  kind: TextKind = { place: 'plain' };
  work = new TextWork(new TextBudget());
  /** Why a filter last had nothing to give. */
  private why: string | undefined;

  constructor(liquid: Liquid) {
    super(NOTHING, liquid.options, { sync: true }, { liquid, ...UNLIMITED });
    this.renderLimit = new RenderLimit(this) as unknown as Context['renderLimit'];
    this.memoryLimit = new MemoryLimit(this) as unknown as Context['memoryLimit'];
  }

  begin(scope: TemplateScope, kind: TextKind, work: TextWork): this {
    this.scope = scope;
    this.kind = kind;
    this.work = work;
    this.why = undefined;
    this.environments = namesOf(scope);
    return this;
  }

  /** Lets go of what it saw, so that a context that is kept for the next rendering keeps nobody alive. */
  end(): void {
    this.scope = NOBODY;
    this.environments = NOTHING;
  }

  override readProperty(from: object, name: string | number): unknown {
    if (from instanceof Events) return from.find(String(name));
    if (from instanceof Captured) return this.readProperty(new String(from.valueOf()), name);
    return (super.readProperty(from, name) as unknown) ?? undefined;
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

const NOBODY: TemplateScope = { profile: {}, context: {}, now: 0, interactions: () => undefined };
const NOTHING = Object.freeze({});
/** In place of limits that LiquidJS would make. */
const UNLIMITED = { renderLimit: NOTHING, memoryLimit: NOTHING } as unknown as Pick<
  Context,
  'renderLimit' | 'memoryLimit'
>;

/** LiquidJS asks this before every tag and output, with the time. */
class RenderLimit {
  constructor(private readonly context: TemplateContext) {}

  check(now: number): void {
    this.context.work.stepAt(now);
  }
}

/** LiquidJS tells this what it is about to make, in characters and items. */
class MemoryLimit {
  constructor(private readonly context: TemplateContext) {}

  use(size: number): void {
    this.context.work.make(Number(size));
  }

  check(): void {
    // What is used is charged at once.
  }
}

class Events {
  constructor(private readonly scope: TemplateScope) {}

  /** With all parts at hand, as LiquidJS reads what an object has of its own. */
  find(event: string): unknown {
    const told = this.scope.interactions(event);
    return told?.ofFirst ? { count: told.count, first: told.first, last: told.last } : told;
  }
}

function namesOf(scope: TemplateScope): Record<(typeof TEMPLATE_NAMES)[number], unknown> {
  const { profile, context, now } = scope;
  if (now !== written.now) written = { now, text: new Date(now).toISOString() };
  return { profile, context, interactions: new Events(scope), now: written.text };
}

/** The texts of a decision have one moment. */
let written = { now: NaN, text: '' };
