import { styleText } from 'node:util';
import type { JsonObject } from '../engine/language/json.js';
import type { PlacementExplanation } from '../engine/explain/explanation.js';
import { explanationText } from './print-explanation.js';

/** The part of an answer to `POST /v1/decisions` that is printed. */
export interface DecisionAnswer {
  readonly decisionId: string;
  readonly rulebook: { readonly version: number };
  readonly served: string;
  readonly decisions: readonly {
    readonly placement: string;
    readonly reason?: string;
    readonly items: readonly DecisionItem[];
  }[];
  /** Where it was asked for, by placement in the same order. */
  readonly explanation?: readonly PlacementExplanation[];
  readonly elapsedMs: number;
}

interface DecisionItem {
  readonly offer: string;
  readonly rule?: string;
  readonly reason: string;
  readonly content: JsonObject;
  readonly actions: readonly DecisionAction[];
}

interface DecisionAction {
  readonly type: string;
  readonly label?: string;
  readonly url?: string;
}

/**
 * An answer for people: by placement each offer with its reason, its title and what can be done with it; and why, where
 * told.
 */
export function decisionText({
  decisions,
  explanation = [],
  served,
  rulebook,
  elapsedMs,
  decisionId,
}: DecisionAnswer): string {
  const placements = decisions.map(({ placement, reason, items }, index) => {
    const offers = items.length > 0 ? items.flatMap(itemLines) : [`  nothing to show (${reason ?? 'DEFAULT'})`];
    const why = explanation[index];
    return [styleText('bold', placement), ...offers, ...(why ? ['', explanationText(why)] : [])].join('\n');
  });
  const footer = `served ${served} · rulebook ${rulebook.version} · ${elapsedMs} ms · decision ${decisionId}`;
  return [...placements, styleText('dim', footer)].join('\n\n');
}

function itemLines({ offer, rule, reason, content, actions }: DecisionItem, index: number): string[] {
  const why = rule === undefined ? reason : `${reason} by rule ${rule}`;
  const title = titleOf(content);
  return [
    `  ${index + 1}. ${styleText('green', offer)}  ${why}`,
    ...(title === undefined ? [] : [`     ${title}`]),
    ...actions.map((action) => `     → ${actionText(action)}`),
  ];
}

/** Content has no fixed names: the first text does where there is no `title`. */
function titleOf(content: JsonObject): string | undefined {
  const texts = [content['title'], ...Object.values(content)].filter(
    (value): value is string => typeof value === 'string',
  );
  return texts[0];
}

function actionText({ type, label, url }: DecisionAction): string {
  return [label, `(${type})`, url].filter((part) => part !== undefined).join(' ');
}
