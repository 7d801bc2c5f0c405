/** The kinds of rule file, each declared in its file: reading, checks, schemas and the command line read this table. */
import { caseKind } from './case-kind.js';
import { consentKind } from './consent-kind.js';
import { contactKind } from './contact-kind.js';
import type { KindDeclaration } from './kind-declaration.js';
import { leversKind } from './levers-kind.js';
import { offerKind } from './offer-kind.js';
import { placementKind } from './placement-kind.js';
import { contextualKind, proactiveKind } from './rule-kinds.js';
import { searchKind } from './search-kind.js';
import { segmentKind } from './segment-kind.js';
import { singleViewKind } from './single-view-kind.js';

/** Every kind. */
export const kinds: readonly KindDeclaration[] = [
  placementKind,
  offerKind,
  segmentKind,
  proactiveKind,
  contextualKind,
  consentKind,
  contactKind,
  leversKind,
  singleViewKind,
  searchKind,
  caseKind,
];

/** The folders whose files Usher reads and enforces. */
export const ruleFolders: readonly string[] = [...new Set(kinds.map(({ folder }) => folder))];

/** Kinds of the rule language that are not enforced yet: they may be there, and are only mentioned. */
export const LATER_FOLDERS: readonly string[] = ['automation', 'experiments', 'journeys'];

const BY_NAME: ReadonlyMap<string, KindDeclaration> = new Map(kinds.map((kind) => [kind.name, kind]));

/** The kind of that name; undefined when there is none. */
export function findKind(name: string): KindDeclaration | undefined {
  return BY_NAME.get(name);
}

/** The kind of a file of a folder; undefined where nothing reads it yet. */
export function kindOf(folder: string, entry: string): KindDeclaration | undefined {
  return kinds.find((kind) => kind.folder === folder && (kind.file === undefined || entry.startsWith(`${kind.file}.`)));
}
