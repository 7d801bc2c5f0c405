import {
  type Comparison,
  type Condition,
  type FactReference,
  type SegmentReference,
  isFactReference,
} from '../language/condition-definition.js';
import { type Json, canonical } from '../language/json.js';
import type { PassedOver } from '../facts/aggregates.js';
import type { ExplainedComparison, ExplainedCondition, ExplainedSegment, Result } from './explanation.js';
import { findDecorator, findOperator, reckonedValue } from '../match/operators.js';
import type { Run } from '../match/run.js';
import { shownValue } from './shown-value.js';

/** What explaining a condition needs besides the run. */
export interface ConditionWorld {
  /** False when the visitor could not be read. */
  readonly visitorKnown: boolean;
  /** The purposes for lack of which a fact is withheld, or part of it. */
  withheld(reference: FactReference): readonly string[];
  /** What a fact passed over. */
  passedOver(reference: FactReference): PassedOver | undefined;
  /** The conditions of a segment as they are written. */
  segment(id: string): Condition | undefined;
}

/**
 * Tells conditions as they are written, with what came of each in the run that decided: its values, its operators. What
 * depends on an unread visitor is unknown, and branches over it follow Kleene's logic. One is for one scope of the run.
 */
export class ConditionExplainer<I> {
  /** A comparison written twice is one object, and a segment named twice is explained once. */
  private readonly comparisons = new Map<string, ExplainedComparison>();
  private readonly segments = new Map<string, ExplainedCondition | undefined>();

  constructor(
    private readonly run: Run<I>,
    private readonly world: ConditionWorld,
  ) {}

  /** Explains a condition; a segment's own conditions may be shared between the places that name it. */
  explain(condition: Condition): ExplainedCondition {
    if ('all' in condition) {
      const all = condition.all.map((child) => this.explain(child));
      return { result: allOf(all), all };
    }
    if ('any' in condition) {
      const any = condition.any.map((child) => this.explain(child));
      return { result: anyOf(any), any };
    }
    if ('not' in condition) {
      const not = this.explain(condition.not);
      return { result: opposite(not.result), not };
    }
    return 'condition' in condition ? this.segment(condition) : this.comparison(condition);
  }

  private segment({ condition: id }: SegmentReference): ExplainedSegment {
    if (!this.segments.has(id)) {
      // Should a cycle get past the check of the rules, the inner reference never holds.
      this.segments.set(id, undefined);
      const written = this.world.segment(id);
      this.segments.set(id, written && this.explain(written));
    }
    const conditions = this.segments.get(id);
    return { result: conditions?.result ?? false, condition: id, ...(conditions && { conditions }) };
  }

  private comparison(written: Comparison): ExplainedComparison {
    const key = identityOf(written);
    const known = this.comparisons.get(key);
    if (known) return known;
    const explained = this.compare(written);
    this.comparisons.set(key, explained);
    return explained;
  }

  private compare(written: Comparison): ExplainedComparison {
    const { fact, params, path, operator, value } = written;
    const asked = {
      fact,
      ...(params && { params }),
      ...(path !== undefined && { path }),
      operator,
      value: shownValue(value) ?? null,
    };
    const other = isFactReference(value) ? value : undefined;
    if (!this.isKnown(written) || (other && !this.isKnown(other))) return { result: 'unknown', ...asked };
    const reckoned = other ?? reckonedValue(operator, value);
    const [left, right] = [this.look(written), reckoned ? this.look(reckoned) : value];
    const withheld = this.withheldFrom(other ? [written, other] : [written]);
    const shown = { ...shownAs('factResult', left), ...(reckoned && shownAs('valueResult', right)) };
    const unread = unreadIn(operator, left);
    return {
      result: this.operate(operator, left, right),
      ...asked,
      ...shown,
      ...(unread !== undefined && { unread }),
      ...this.passedOver('passedOver', written),
      ...(other && this.passedOver('valuePassedOver', other)),
      ...(withheld.length > 0 && { withheld }),
    };
  }

  private passedOver(name: 'passedOver' | 'valuePassedOver', reference: FactReference): Partial<ExplainedComparison> {
    const passed = this.world.passedOver(reference);
    return passed ? { [name]: { ...passed, example: shownValue(passed.example) ?? null } } : {};
  }

  private withheldFrom(references: readonly FactReference[]): readonly string[] {
    return [...new Set(references.flatMap((reference) => this.world.withheld(reference)))];
  }

  private isKnown(reference: FactReference): boolean {
    return this.world.visitorKnown || !this.run.matcher.readsVisitor(reference);
  }

  private look(reference: FactReference): unknown {
    const slot = this.run.matcher.slotOf(reference);
    return slot === undefined ? undefined : this.run.value(slot);
  }

  private operate(operator: string, left: unknown, right: unknown): boolean {
    const { data, operations } = this.run.matcher;
    return operations[data.operators.indexOf(operator)]?.(left, right) ?? false;
  }
}

/** The same tree with each segment's conditions only where it is first named, so that its size is bounded. */
export function withoutRepeats(node: ExplainedCondition, named: Set<string> = new Set()): ExplainedCondition {
  if ('all' in node) return { ...node, all: node.all.map((child) => withoutRepeats(child, named)) };
  if ('any' in node) return { ...node, any: node.any.map((child) => withoutRepeats(child, named)) };
  if ('not' in node) return { ...node, not: withoutRepeats(node.not, named) };
  if (!('condition' in node)) return node;
  const { result, condition, conditions } = node;
  if (!conditions || named.has(condition)) return { result, condition };
  named.add(condition);
  return { result, condition, conditions: withoutRepeats(conditions, named) };
}

function allOf(children: readonly ExplainedCondition[]): Result {
  if (children.some(({ result }) => result === false)) return false;
  return children.some(({ result }) => result === 'unknown') ? 'unknown' : true;
}

/** json-rules-engine: an empty `any` holds. */
function anyOf(children: readonly ExplainedCondition[]): Result {
  if (children.length === 0 || children.some(({ result }) => result === true)) return true;
  return children.some(({ result }) => result === 'unknown') ? 'unknown' : false;
}

function opposite(result: Result): Result {
  return result === 'unknown' ? result : !result;
}

/**
 * What a fact is not, and would have to be for its operator to hold of it; of a list, what some of its values are not.
 */
function unreadIn(operator: string, fact: unknown): string | undefined {
  const [, ...decorators] = operator.split(':').reverse();
  const reads = findOperator(operator.slice(operator.lastIndexOf(':') + 1))?.reads;
  const asked = decorators.flatMap((name) => findDecorator(name)?.reads ?? [])[0] ?? reads;
  if (!asked || fact === undefined) return undefined;
  const values: readonly unknown[] = Array.isArray(fact) ? fact : [fact];
  return values.every((value) => asked.can(value)) ? undefined : asked.what;
}

function shownAs(name: 'factResult' | 'valueResult', value: unknown): { readonly [name: string]: Json } {
  const shown = shownValue(value);
  return shown === undefined ? {} : { [name]: shown };
}

function identityOf({ fact, params, path, operator, value }: Comparison): string {
  const compared = typeof value === 'object' ? JSON.stringify(value, tellApart) : `${typeof value} ${String(value)}`;
  return `${JSON.stringify([fact, path ?? '', operator])} ${params ? canonical(params) : '{}'} ${compared}`;
}

/** JSON has no NaN and no infinities, and would make them all null. */
function tellApart(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
}
