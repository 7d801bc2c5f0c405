import { isObject } from './is-object.js';

/** Something that rule files may say already, and no decision goes by yet. */
export interface NotEnforced {
  /** The names that lead to it from the definition. */
  readonly path: readonly string[];
  /** What happens meanwhile. */
  readonly meanwhile: string;
}

/** Of offers. */
export const OFFER_NOT_ENFORCED: readonly NotEnforced[] = [
  { path: ['goal'], meanwhile: 'nothing measures whether the offer worked' },
];

/** What of these a definition asks for, by name; undefined where it asks for none, which is the rule. */
export function asksForNotEnforced(definition: object, words: readonly NotEnforced[]): readonly string[] | undefined {
  const asked = words.filter((word) => asksFor(definition, word)).map(({ path }) => path.at(-1) ?? '');
  return asked.length > 0 ? asked : undefined;
}

/** Whether a definition asks for it. */
export function asksFor(definition: unknown, { path }: NotEnforced): boolean {
  const value = path.reduce<unknown>((from, name) => (isObject(from) ? from[name] : undefined), definition);
  return value !== undefined;
}
