import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { MAX_FILE_BYTES } from '../../doors/bytes/decode-text.js';
import type { KindDeclaration } from './kind-declaration.js';
import { kindOf, LATER_FOLDERS, ruleFolders } from './kinds.js';
import { didYouMean } from '../read/suggest.js';

const FOLDERS: readonly string[] = [...ruleFolders, ...LATER_FOLDERS];

/** A rule file as text, its path from the rules folder on: `contextual/resume.json`. */
export interface RuleText {
  readonly path: string;
  readonly text: string;
}

/** Where rules are read from: a folder, or the texts of its files, whose paths are as in a folder. */
export type RuleSource = string | readonly RuleText[];

/** A file that belongs to a rules folder. */
export interface FoundFile {
  /** The folder it stands in. */
  readonly folder: string;
  /** Its kind; undefined for what is not enforced yet, and is a rule file all the same. */
  readonly kind: KindDeclaration | undefined;
  /** Its name, such as `resume.json`. */
  readonly entry: string;
  /** Where it is on the disk, or its text. */
  readonly at: string | { readonly text: string };
  /** Its path as problems name it, from the rules folder's own name on. */
  readonly path: string;
}

/** Hears what is wrong with something in the folder, as a whole. */
export type Report = (path: string, message: string) => void;

/** Every rule file of a source, sorted by kind and name. What does not belong there is reported, never thrown. */
export function* walkRules(source: RuleSource, report: Report): Generator<FoundFile> {
  if (typeof source === 'string') yield* walkFolder(source, report);
  else for (const text of [...source].sort(byPath)) yield* toFound(text);
}

/** As a folder is walked: by the name of the kind, then by that of the file. */
function byPath(a: RuleText, b: RuleText): number {
  const [kindA = '', kindB = ''] = [a.path.split('/')[0], b.path.split('/')[0]];
  if (kindA !== kindB) return kindA < kindB ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

function toFound({ path, text }: RuleText): FoundFile[] {
  const [folder = '', entry = ''] = path.split('/');
  if (!FOLDERS.includes(folder)) return [];
  return [{ folder, kind: kindOf(folder, entry), entry, at: { text }, path: `rules/${path}` }];
}

function* walkFolder(dir: string, report: Report): Generator<FoundFile> {
  const root = resolve(dir);
  const name = basename(root);
  for (const entry of list(root, name, report)) {
    const [at, path] = [join(root, entry), `${name}/${entry}`];
    const isFolder = isFolderAt(at, path, report);
    if (isFolder) yield* walkKind(entry, at, path, report);
    else if (isFolder === false && isRuleText(entry))
      report(path, `a rule file stands in the folder of its kind; move it to one of ${ruleFolders.join(', ')}`);
  }
}

/** The bytes of a rule file; undefined where it can't be read or is too large, which is reported. */
export function readBytes({ at, path }: Pick<FoundFile, 'at' | 'path'>, report: Report): Buffer | undefined {
  if (typeof at !== 'string') return bytesOf(at.text, path, report);
  try {
    const size = statSync(at).size;
    if (size <= MAX_FILE_BYTES) return readFileSync(at);
    report(path, tooLarge(size));
  } catch (error) {
    report(path, `the file can't be read (${codeOf(error)})`);
  }
  return undefined;
}

function bytesOf(text: string, path: string, report: Report): Buffer | undefined {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_FILE_BYTES) return bytes;
  report(path, tooLarge(bytes.length));
  return undefined;
}

function tooLarge(size: number): string {
  return `the file has ${size} bytes, more than the ${MAX_FILE_BYTES} a rule file may have; split it`;
}

function* walkKind(name: string, dir: string, path: string, report: Report): Generator<FoundFile> {
  if (!FOLDERS.includes(name)) return report(path, `unknown folder "${name}"${didYouMean(name, ruleFolders)}`);
  for (const entry of list(dir, path, report)) {
    const found = { folder: name, kind: kindOf(name, entry), entry, at: join(dir, entry), path: `${path}/${entry}` };
    if (!found.kind) {
      if (isRuleText(entry)) yield found;
      continue;
    }
    const isFolder = isFolderAt(found.at, found.path, report);
    if (isFolder) report(found.path, `folders inside ${name}/ are not read; move the files one up`);
    else if (isFolder === false && !isRuleText(entry))
      report(found.path, `rule files end in .json, .yaml or .yml; rename "${entry}" or move it away`);
    else if (isFolder === false) yield found;
  }
}

function isRuleText(entry: string): boolean {
  return /\.(json|yaml|yml)$/.test(entry);
}

function list(dir: string, path: string, report: Report): string[] {
  try {
    return readdirSync(dir)
      .filter((entry) => !entry.startsWith('.') && entry !== 'README.md')
      .sort();
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    report(
      path,
      missing ? 'there is no such folder; create it, or name another' : `the folder can't be read (${codeOf(error)})`,
    );
    return [];
  }
}

/** Undefined when it can't be told, which is reported. */
function isFolderAt(at: string, path: string, report: Report): boolean | undefined {
  try {
    return statSync(at).isDirectory();
  } catch (error) {
    report(path, `this can't be read (${codeOf(error)})`);
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
