import {
  type Comparison,
  type Condition,
  isFactReference,
  isConditionTree,
} from '../../engine/language/condition-definition.js';
import { findOperator } from '../../engine/match/operators.js';
import type { Proof } from '../logic/proof.js';
import { askingConditions } from './asking-conditions.js';
import type { RuleSet } from './rule-set.js';
import { comparisonsIn, type Path, type WrittenPart } from './written-part.js';

/** Numbers between quotes where size is compared: beside a fact that is a text the order of texts decides. */
export function numberTexts(set: RuleSet): Proof[] {
  return askingConditions(set).flatMap(({ condition, at }) =>
    allComparisons(condition, at.path).flatMap(({ condition: one, path }) =>
      textsIn((one as Comparison).value, [...path, 'value'])
        .filter(() => comparesSize(one as Comparison))
        .map(({ text, path: place }): Proof => ({
          kind: 'number-text',
          severity: 'note',
          at: { ...at, path: place },
          message:
            `"${text}" is a text: beside a fact that is a text, too, the order of texts decides, ` +
            `by which "9" is more than "18"; write ${Number(text)} without quotes`,
        })),
    ),
  );
}

/** Those on properties of interactions, too. */
function allComparisons(condition: Condition, path: Path): WrittenPart[] {
  return comparisonsIn(condition, path).flatMap((part) => {
    const where = (part.condition as Comparison).params?.['where'];
    const inside = where !== undefined && isConditionTree(where as never) ? (where as unknown as Condition) : undefined;
    return [part, ...(inside ? comparisonsIn(inside, [...part.path, 'params', 'where']) : [])];
  });
}

function comparesSize({ operator, value }: Comparison): boolean {
  const base = operator.slice(operator.lastIndexOf(':') + 1);
  return findOperator(base)?.takes === 'number' && !isFactReference(value);
}

interface NumberText {
  readonly text: string;
  readonly path: Path;
}

/** Of a year the order of texts is right: dates begin with it. */
function textsIn(value: unknown, path: Path): NumberText[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => textsIn(one, [...path, index]));
  const isNumber = typeof value === 'string' && !/^(?:\d{4})?$/.test(value) && Number.isFinite(Number(value));
  return isNumber ? [{ text: value, path }] : [];
}
