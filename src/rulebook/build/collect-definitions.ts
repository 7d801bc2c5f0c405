import type { Definitions } from '../../engine/language/definitions.js';
import { findKind, kinds } from '../kinds/kinds.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';

/** The definitions by id; files with a problem are left out, so that what is in is what its type says. */
export function collectDefinitions(files: readonly RuleFile[], findings: Findings): Definitions {
  const gathered: Partial<Record<keyof Definitions, unknown>> = {};
  const byId = kinds
    .filter(({ file }) => file === undefined)
    .map(({ into }) => [into, new Map<string, unknown>()] as const);
  const maps = new Map(byId);
  for (const [into, map] of maps) gathered[into] = map;
  for (const file of files) {
    const kind = findKind(file.kind);
    if (!kind || !file.root || findings.has(file)) continue;
    if (kind.file === undefined) maps.get(kind.into)?.set(file.id, file.root.value);
    else if (kind.file === file.id) gathered[kind.into] = file.root.value;
  }
  // The check has held each file against its kind's schema, which is made from the very types of the definitions.
  return gathered as unknown as Definitions;
}
