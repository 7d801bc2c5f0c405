import { canonical } from '../../engine/language/json.js';

/** A text that equal values have in common and no others: JSON writes numbers that are too large for it as null. */
export function exactKey(value: unknown): string {
  return canonical(toldApart(value));
}

function toldApart(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : [`number ${value}`, 0];
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return ['list', ...value.map(toldApart)];
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toldApart(one)]));
}
