import type { Json, JsonObject } from '../../engine/language/json.js';
import type { TemplateScope } from '../../engine/rulebook.js';
import { TextBudget } from '../../engine/text-budget.js';
import { compileText, globalPaths, parseTemplate } from './liquid.js';
import type { TextKind } from './template-context.js';
import { TextWork } from './text-work.js';

/** One text of a treatment, a template that can be parsed. */
export interface TreatmentText {
  readonly text: string;
  readonly kind: TextKind;
}

/**
 * The first text of a treatment by which it is more work than a decision may take, for visitors who are made up: one of
 * whom nothing is known, and those for whom every value that the texts name is a text, a number or a list. Undefined
 * where it is not.
 */
export function tooCostly<T extends TreatmentText>(texts: readonly T[]): T | undefined {
  if (!mayBeCostly(texts)) return undefined;
  const render = texts.map((text) => ({ text, make: compileText(text.text, text.kind) }));
  for (const scope of madeUpScopes(texts)) {
    const budget = new TextBudget();
    const work = new TextWork(budget);
    for (const { text, make } of render) {
      attempt(() => make(scope, work));
      if (budget.isOver) return text;
    }
  }
  return undefined;
}

/** What has no tags does something once for each character at most. */
function mayBeCostly(texts: readonly TreatmentText[]): boolean {
  return (
    texts.reduce((sum, { text }) => sum + text.length, 0) > 10_000 || texts.some(({ text }) => text.includes('{%'))
  );
}

/** A value that is missing ends a text, which costs nothing. */
function attempt(render: () => unknown): void {
  try {
    render();
  } catch {
    // Told in a decision; here only the cost counts.
  }
}

const NOW = Date.parse('2026-01-01T12:00:00Z');
/** As many items and turns as the values of an honest visitor ask for. */
const MANY = 20;
const LONG = 'a made-up text '.repeat(7);

function madeUpScopes(texts: readonly TreatmentText[]): TemplateScope[] {
  const paths = texts.flatMap(({ text }) => globalPaths(parseTemplate(text)));
  const names = new Set(texts.flatMap(({ text }) => [...text.matchAll(/[\w-]+/g)].map(([name]) => name)));
  const listOf = (leaf: Json): Json => {
    const item = Object.fromEntries([...names].map((name) => [name, leaf]));
    return Array.from({ length: MANY }, () => item);
  };
  return [undefined, LONG, MANY, listOf(LONG), listOf(listOf(listOf(LONG)))].map((leaf) => scopeOf(paths, leaf));
}

function scopeOf(paths: readonly (readonly unknown[])[], leaf: Json | undefined): TemplateScope {
  const made = leaf === undefined ? {} : objectOf(paths, leaf);
  const { profile = {}, context = {} } = made as Readonly<Record<string, JsonObject>>;
  const properties =
    leaf === undefined
      ? {}
      : objectOf(
          paths.map((path) => path.slice(4)),
          leaf,
        );
  const event = { event: 'Made Up', timestamp: NOW, channel: 'web', properties };
  const interactions = leaf === undefined ? () => undefined : () => ({ count: MANY, first: event, last: event });
  return { profile, context, interactions, now: NOW };
}

/** An object in which each path leads to the leaf. */
function objectOf(paths: readonly (readonly unknown[])[], leaf: Json): JsonObject {
  const root: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const path of paths) {
    let here = root;
    for (const [at, step] of path.entries()) {
      const name = String(step);
      const known = Object.hasOwn(here, name) ? here[name] : undefined;
      const next = at < path.length - 1 && (typeof known !== 'object' || Array.isArray(known)) ? {} : (known ?? leaf);
      here[name] = next;
      here = next as Record<string, Json>;
    }
  }
  return root;
}
