import { styleText } from 'node:util';
import { RULE_KINDS } from '../../rulebook/read/rule-file.js';
import { counted } from '../../words/counted.js';
import { REQUEST_FACTS, type MappedFact } from './map-facts.js';
import type { ImportedRule, ImportPlan } from './plan-import.js';

/** What an import came to, for people: how much, where the facts went, and what a person must look at. */
export function importText(plan: ImportPlan, { dir, dryRun }: { dir: string; dryRun: boolean }): string {
  const blocks = [
    summary(plan, dir, dryRun),
    factLines(plan.rules),
    humanLines(plan.rules),
    leftOut(plan.rules),
    nextSteps(plan, dir, dryRun),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The same for programs. */
export function importJson(plan: ImportPlan, dryRun: boolean): string {
  const files = plan.files.map(({ kind, id, definition }) => ({ path: `${kind}/${id}.json`, definition }));
  const facts = factsOf(plan.rules).map(({ mapped, rules }) => ({ ...mapped, rules }));
  return JSON.stringify(
    {
      ok: plan.rules.every(({ id }) => id !== undefined),
      dryRun,
      files,
      unchanged: plan.unchanged,
      facts,
      rules: plan.rules.map(toldRule),
    },
    null,
    2,
  );
}

function toldRule({ rule, id, lost, ignored, refused }: ImportedRule): object {
  return { rule, ...(id !== undefined && { id }), lost, ignored, refused };
}

function summary({ files, rules, unchanged }: ImportPlan, dir: string, dryRun: boolean): string[] {
  const of = (...kinds: readonly string[]) => files.filter(({ kind }) => kinds.includes(kind));
  const parts = [
    counted(of(...RULE_KINDS).length, 'rule'),
    ...(of('offers').length > 0 ? [counted(of('offers').length, 'offer (a draft)', 'offers (drafts)')] : []),
    ...(of('segments').length > 0 ? [counted(of('segments').length, 'segment')] : []),
    ...of('placements').map(({ id }) => `the placement ${id}`),
  ];
  const known = unchanged > 0 ? ` ${counted(unchanged, 'rule was', 'rules were')} there already.` : '';
  const all = rules.every(({ id }) => id !== undefined);
  return [
    `${all ? styleText('green', '✓') : styleText('yellow', '!')} ${dryRun ? 'Would write' : 'Written'} under ` +
      `${dir}: ${parts.join(', ')}.${known}`,
  ];
}

function factLines(rules: readonly ImportedRule[]): string[] {
  const facts = factsOf(rules);
  if (facts.length === 0) return [];
  const width = Math.max(...facts.map(({ mapped }) => mapped.fact.length));
  return [
    styleText('bold', 'Where the facts are now'),
    ...facts.map(
      ({ mapped, rules: count }) => `  ${mapped.fact.padEnd(width)}  ${placeText(mapped)} (${counted(count, 'rule')})`,
    ),
    `A fact of the request (${REQUEST_FACTS.join(', ')}, or named with --context) is in context;`,
    'any other is a trait of the person, in profile. --profile names those that are traits all the same.',
  ];
}

function placeText({ to, path }: MappedFact): string {
  return path === undefined ? `${to}: Usher's own fact; see that it means the same` : `${to} ${path}`;
}

function factsOf(rules: readonly ImportedRule[]): { readonly mapped: MappedFact; readonly rules: number }[] {
  const found = new Map<string, { mapped: MappedFact; rules: number }>();
  for (const { id, facts } of rules) {
    if (id === undefined) continue;
    for (const mapped of new Map(facts.map((fact) => [fact.fact, fact])).values()) {
      found.set(mapped.fact, { mapped, rules: (found.get(mapped.fact)?.rules ?? 0) + 1 });
    }
  }
  return [...found.values()].sort((a, b) => (a.mapped.fact < b.mapped.fact ? -1 : 1));
}

function humanLines(rules: readonly ImportedRule[]): string[] {
  const lines = rules.flatMap(({ rule, id, lost, ignored }) => [
    ...(id === undefined ? [] : lost.map((what) => `  ${rule} (${id}, a draft until then): ${what}`)),
    ...(id === undefined || ignored.length === 0
      ? []
      : [`  ${rule} (${id}): ${[...new Set(ignored)].join(', ')} left out, as json-rules-engine ignores it too`]),
  ]);
  return lines.length === 0 ? [] : [styleText('yellow', 'To be looked at by a person'), ...lines];
}

function leftOut(rules: readonly ImportedRule[]): string[] {
  const lines = rules
    .filter(({ id }) => id === undefined)
    .map(({ rule, refused }) => `  ${rule}: ${refused.join('; ')}`);
  return lines.length === 0 ? [] : [styleText('red', 'Left out'), ...lines];
}

function nextSteps({ files }: ImportPlan, dir: string, dryRun: boolean): string[] {
  const drafts = files.some(({ kind }) => kind === 'offers');
  if (dryRun || files.length === 0) return [];
  return [
    `Next: ${drafts ? 'say how the offers look and take their status away; ' : ''}usher check ${dir}, ` +
      `and tell the stories that must hold: usher new cases NAME --dir ${dir}`,
  ];
}
