import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { CommandFailed } from '../../errors.js';
import { readRules, type RuleFolder } from '../../rulebook/kinds/read-rules.js';
import { findKind, kinds } from '../../rulebook/kinds/kinds.js';
import type { Kind } from '../../rulebook/read/rule-file.js';
import { rulebookNames, type RulebookNames } from '../../rulebook/schemas/rulebook-names.js';
import { schemaWithNames } from '../../rulebook/schemas/schema-with-names.js';
import { counted } from '../../words/counted.js';
import { writeVscodeSettings } from './vscode-settings.js';

/** The folder, inside that of the rule files, that the schemas are written to. Rule files are not looked for in it. */
export const SCHEMAS_DIR = '.schemas';

/** `usher schemas [dir]`: writes schemas that know the names of this rulebook, for editors; gives the exit code. */
export function writeSchemas(
  dir: string,
  { vscode = false }: { vscode?: boolean },
  print: (text: string) => void,
): number {
  if (!existsSync(dir)) throw new CommandFailed(`There is no folder ${dir}. Create it, or name another.`);
  const folder = readRules(dir);
  const names = rulebookNames(folder.files);
  const written = refreshSchemas(dir, names);
  print(
    `${styleText('green', '✓')} ${join(dir, SCHEMAS_DIR)}: ` +
      `${written === 0 ? 'all is as it was' : `${counted(written, 'schema')} written`}, with ${namesText(names)}.`,
  );
  if (vscode)
    print(`${styleText('green', '✓')} ${writeVscodeSettings(dir)}: VS Code uses them for the files of ${dir}.`);
  else
    print(
      'Editors find them by their settings, or by a line in each file: see docs/rules.md#editors. For VS Code: ' +
        'usher schemas --vscode',
    );
  const elsewhere = othersNamed(folder);
  if (elsewhere > 0)
    print(
      `${counted(elsewhere, 'file names', 'files name')} another "$schema", and editors go by that. ` +
        `It would be "../${SCHEMAS_DIR}/<folder>.json".`,
    );
  return 0;
}

/** Writes the schemas that are not what they should be; gives how many. */
export function refreshSchemas(dir: string, names: RulebookNames): number {
  const texts = kinds.map(
    ({ name: kind }) =>
      [join(dir, SCHEMAS_DIR, `${kind}.json`), `${JSON.stringify(schemaWithNames(kind, names), null, 2)}\n`] as const,
  );
  const stale = texts.filter(([file, text]) => contentOf(file) !== text);
  try {
    mkdirSync(join(dir, SCHEMAS_DIR), { recursive: true });
    for (const [file, text] of stale) writeFileSync(file, text);
  } catch (error) {
    throw new CommandFailed(
      `The schemas can't be written to ${join(dir, SCHEMAS_DIR)} (${String((error as NodeJS.ErrnoException).code)}).`,
    );
  }
  return stale.length;
}

/**
 * The schema that a new file of a kind may name, as seen from its folder: with names, else the general one, if there is
 * one.
 */
export function schemaNextTo(dir: string, kind: Kind): string | undefined {
  return [`../${SCHEMAS_DIR}/${kind}.json`, `../../schemas/${kind}.json`].find((path) =>
    existsSync(join(dir, findKind(kind)?.folder ?? kind, path)),
  );
}

function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function namesText({ offers, segments, placements, groups, purposes = [] }: RulebookNames): string {
  const kinds = [
    counted(offers.length, 'offer'),
    counted(segments.length, 'segment'),
    counted(placements.length, 'placement'),
    counted(groups.length, 'group'),
  ];
  return `${kinds.join(', ')} and ${counted(purposes.length, 'purpose')}`;
}

function othersNamed({ files }: RuleFolder): number {
  const named = files.map(({ root }) => root?.get('$schema')?.text).filter((schema) => schema !== undefined);
  return named.filter((schema) => !schema.includes(`/${SCHEMAS_DIR}/`)).length;
}
