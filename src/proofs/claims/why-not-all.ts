import type { RuleSet } from './rule-set.js';
import { said } from './said.js';
import type { Setting } from '../logic/setting.js';
import type { WrittenPart } from './written-part.js';

/** The parts that exclude each other, of parts that can't all hold: one or two where that is all it takes. */
export function excludingParts<T extends WrittenPart>(
  { vocabulary, solver }: RuleSet,
  parts: readonly T[],
  setting?: Setting,
): readonly T[] {
  const formulas = parts.map(({ condition }) => vocabulary.formula(condition));
  const isImpossible = (indexes: readonly number[]) =>
    solver.isImpossible(
      indexes.flatMap((index) => formulas[index] ?? []),
      setting,
    );
  const all = [...parts.keys()];
  const single = all.find((index) => isImpossible([index]));
  if (single !== undefined) return pick(parts, [single]);
  for (const second of all) {
    const first = all.slice(0, second).find((index) => isImpossible([index, second]));
    if (first !== undefined) return pick(parts, [first, second]);
  }
  let needed = all;
  for (const index of all) {
    const without = needed.filter((one) => one !== index);
    if (isImpossible(without)) needed = without;
  }
  return pick(parts, needed);
}

/** Why parts can't all hold, to stand after a colon. */
export function whyNotAll(parts: readonly WrittenPart[]): string {
  const [first = 'it', second, ...more] = parts.map(({ condition }) => said(condition));
  if (second === undefined)
    return parts.some(({ condition }) => 'fact' in condition)
      ? `${first} holds for no value`
      : `nothing satisfies ${first}`;
  if (more.length === 0) return `${first} and ${second} exclude each other`;
  return `these exclude each other: ${[first, second, ...more].join('; ')}`;
}

function pick<T>(parts: readonly T[], indexes: readonly number[]): T[] {
  return indexes.map((index) => parts[index]).filter((part) => part !== undefined);
}
