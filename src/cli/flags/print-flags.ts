import { styleText } from 'node:util';
import { counted } from '../../words/counted.js';
import type { FlagPlan, ImportedFlag } from './plan-flags.js';

/** What holds of every flag that was imported. */
export const ALWAYS = [
  'the value of a flag is content: what was asked for as getBooleanValue(key) is getObjectValue(key).content.value',
  'attributes are looked for in the context of the request, as clients of OpenFeature send it',
];

/** What an import of flags came to, for people: how much, what differs, and what has no counterpart. */
export function flagText(plan: FlagPlan, { dir, dryRun }: { dir: string; dryRun: boolean }): string {
  const blocks = [summary(plan, dir, dryRun), differences(plan), leftOut(plan), next(plan, dir, dryRun)];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The same for programs. */
export function flagJson({ flags, files }: FlagPlan, dryRun: boolean): string {
  const told = {
    ok: flags.every(isImported),
    dryRun,
    files: files.map(({ kind, id, definition }) => ({ path: `${kind}/${id}.json`, definition })),
    always: ALWAYS,
    flags: flags.map(({ key, notes, refused }) => ({ key, notes, refused })),
  };
  return JSON.stringify(told, null, 2);
}

function summary({ flags, files }: FlagPlan, dir: string, dryRun: boolean): string[] {
  const kinds = [...new Set(files.map(({ kind }) => kind))];
  const parts = kinds.map((kind) =>
    counted(files.filter((one) => one.kind === kind).length, `file of ${kind}`, `files of ${kind}`),
  );
  const sign = flags.every(isImported) ? styleText('green', '✓') : styleText('yellow', '!');
  const all = flags.flatMap((one) => one.files).length - files.length;
  const there = all > 0 ? ` ${counted(all, 'file was', 'files were')} there already.` : '';
  return [`${sign} ${dryRun ? 'Would write' : 'Written'} under ${dir}: ${parts.join(', ') || 'nothing'}.${there}`];
}

function differences({ flags }: FlagPlan): string[] {
  if (!flags.some(isImported)) return [];
  const lines = flags.flatMap(({ key, notes }) => notes.map((note) => `  ${key}: ${note}.`));
  return [styleText('bold', 'What is otherwise here'), ...ALWAYS.map((one) => `  ${one}.`), ...lines];
}

function leftOut({ flags }: FlagPlan): string[] {
  const lines = flags.filter((one) => !isImported(one)).map(({ key, refused }) => `  ${key}: ${refused.join('; ')}.`);
  return lines.length === 0 ? [] : [styleText('red', 'Left out, as it has no counterpart'), ...lines];
}

function next({ files }: FlagPlan, dir: string, dryRun: boolean): string[] {
  return dryRun || files.length === 0 ? [] : [`Next: usher check ${dir}, and ask as docs/openfeature.md says.`];
}

function isImported({ refused }: ImportedFlag): boolean {
  return refused.length === 0;
}
