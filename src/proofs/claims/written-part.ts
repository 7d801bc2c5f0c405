import type { Condition } from '../../engine/language/condition-definition.js';

/** The steps from the root of a definition to a value in it. */
export type Path = readonly (string | number)[];

/** A condition and where it stands in its definition. */
export interface WrittenPart {
  readonly condition: Condition;
  readonly path: Path;
}

/** What must all hold for a condition to hold: the parts of its `all`, and of those within them. */
export function partsOfAll(condition: Condition, path: Path): WrittenPart[] {
  if (!('all' in condition)) return [{ condition, path }];
  return condition.all.flatMap((part, index) => partsOfAll(part, [...path, 'all', index]));
}

/** Every comparison of a condition, those in its `not` and so on; segments are not looked into. */
export function comparisonsIn(condition: Condition, path: Path): WrittenPart[] {
  if ('all' in condition) return condition.all.flatMap((part, index) => comparisonsIn(part, [...path, 'all', index]));
  if ('any' in condition) return condition.any.flatMap((part, index) => comparisonsIn(part, [...path, 'any', index]));
  if ('not' in condition) return comparisonsIn(condition.not, [...path, 'not']);
  return 'condition' in condition ? [] : [{ condition, path }];
}

/** A part of an `any` or of an `all`. */
export interface ListedPart extends WrittenPart {
  readonly list: 'all' | 'any';
}

/** Every part of every `all` and `any` of a condition that does not stand in a `not`, outer ones first. */
export function listedParts(condition: Condition, path: Path): ListedPart[] {
  const list = 'all' in condition ? 'all' : 'any' in condition ? 'any' : undefined;
  if (!list) return [];
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : [];
  return parts.flatMap((part, index) => {
    const at = [...path, list, index];
    return [{ condition: part, path: at, list }, ...listedParts(part, at)];
  });
}
