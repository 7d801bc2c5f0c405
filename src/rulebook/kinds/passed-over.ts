import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { factText, findDeclaration } from '../../engine/facts/facts.js';
import { numberIn } from '../../engine/values/number-in.js';
import { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { caseKind } from './case-kind.js';
import { findKind } from './kinds.js';

/** A property of which an aggregate of the rules wants numbers. */
export interface WantedNumber {
  readonly property: string;
  /** Undefined where it is that of any event. */
  readonly event: Json | undefined;
  /** The aggregate in words. */
  readonly by: string;
}

/** Each value in an interaction of a case that an aggregate of the rules passes over, as it is no number. */
export function passedOverInCases(files: readonly RuleFile[]): RuleProblem[] {
  const warnings = new Findings();
  const wanted = wantedNumbers(files);
  for (const file of files) if (file.kind === caseKind.name) warnOf(file, wanted, warnings);
  return warnings.sorted();
}

/** Every property of which an aggregate of the rules wants numbers. */
export function wantedNumbers(files: readonly RuleFile[]): WantedNumber[] {
  return files.flatMap(wantedBy);
}

function wantedBy({ kind, root }: RuleFile): WantedNumber[] {
  const conditionsAt = findKind(kind)?.conditionsAt;
  return conditionsAt === undefined ? [] : [...wantedIn(root?.get(conditionsAt)?.value ?? null)];
}

function* wantedIn(value: Json): Generator<WantedNumber> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield* wantedOf(value as JsonObject);
  for (const inner of Object.values(value) as Json[]) yield* wantedIn(inner);
}

function wantedOf({ fact, params }: JsonObject): WantedNumber[] {
  if (typeof fact !== 'string' || !isObject(params)) return [];
  const query = findDeclaration(fact)?.query?.(params);
  if (query?.tells !== 'number' || typeof query.property !== 'string') return [];
  return [{ property: query.property, event: query.event, by: factText({ fact, params }) }];
}

function warnOf(file: RuleFile, wanted: readonly WantedNumber[], warnings: Findings): void {
  for (const interaction of file.root?.get('visitor', 'interactions')?.items ?? []) {
    const event = interaction.get('event')?.value;
    for (const { property, by } of wanted.filter((one) => one.event === undefined || one.event === event)) {
      const node = interaction.get('properties', property);
      if (!node || numberIn(node.value) !== undefined) continue;
      const shown = JSON.stringify(node.value).slice(0, MOST_SHOWN);
      warnings.add(file, node.offset, `${shown} is no number, and the ${by} passes it over; write a number, as 149.9`);
    }
  }
}

const MOST_SHOWN = 60;
