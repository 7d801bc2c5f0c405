import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync, type Dirent } from 'node:fs';
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
  /** Its path as problems name it: from the rules folder's own name on, or of a text as it was sent. */
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
  return [{ folder, kind: kindOf(folder, entry), entry, at: { text }, path }];
}

function* walkFolder(dir: string, report: Report): Generator<FoundFile> {
  const root = resolve(dir);
  const name = basename(root);
  for (const listed of list(root, name, report)) {
    const entry = listed.name;
    const [at, path] = [join(root, entry), `${name}/${entry}`];
    const isFolder = isFolderAt(listed, at, path, report);
    if (isFolder) yield* walkKind(entry, at, path, report);
    else if (isFolder === false && isRuleText(entry))
      report(path, `a rule file stands in the folder of its kind; move it to one of ${ruleFolders.join(', ')}`);
  }
}

/** The bytes of a rule file; undefined where it can't be read or is too large, which is reported. */
export function readBytes({ at, path }: Pick<FoundFile, 'at' | 'path'>, report: Report): Buffer | undefined {
  if (typeof at !== 'string') return bytesOf(at.text, path, report);
  try {
    return readOpened(openSync(at, 'r'), (size) => report(path, tooLarge(size)));
  } catch (error) {
    report(path, `the file can't be read (${codeOf(error)})`);
    return undefined;
  }
}

/** Asks the system for as little as can be: of a large folder, that takes most of the time. */
function readOpened(file: number, refuse: (size: number) => void): Buffer | undefined {
  try {
    const { size } = fstatSync(file);
    if (size > MAX_FILE_BYTES) {
      refuse(size);
      return undefined;
    }
    const bytes = Buffer.allocUnsafe(size);
    let end = 0;
    for (let read = -1; end < size && read !== 0; end += read) read = readSync(file, bytes, end, size - end, null);
    return bytes.subarray(0, end);
  } finally {
    closeSync(file);
  }
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
  for (const listed of list(dir, path, report)) {
    const entry = listed.name;
    const found = { folder: name, kind: kindOf(name, entry), entry, at: join(dir, entry), path: `${path}/${entry}` };
    if (!found.kind) {
      if (isRuleText(entry) && isFolderAt(listed, found.at, found.path, report) !== undefined) yield found;
      continue;
    }
    const isFolder = isFolderAt(listed, found.at, found.path, report);
    if (isFolder) report(found.path, `folders inside ${name}/ are not read; move the files one up`);
    else if (isFolder === false && !isRuleText(entry))
      report(found.path, `rule files end in .json, .yaml or .yml; rename "${entry}" or move it away`);
    else if (isFolder === false) yield found;
  }
}

function isRuleText(entry: string): boolean {
  return /\.(json|yaml|yml)$/.test(entry);
}

function list(dir: string, path: string, report: Report): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && name !== 'README.md')
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    report(
      path,
      missing ? 'there is no such folder; create it, or name another' : `the folder can't be read (${codeOf(error)})`,
    );
    return [];
  }
}

/** Undefined when it can't be found out, or when it is neither a folder nor a file, which is reported. */
function isFolderAt(listed: Dirent, at: string, path: string, report: Report): boolean | undefined {
  try {
    // What the folder says is enough, but for links, and for file systems that do not tell there.
    const entry = listed.isFile() || listed.isDirectory() ? listed : statSync(at);
    if (entry.isFile() || entry.isDirectory()) return entry.isDirectory();
    report(path, 'this is neither a file nor a folder; move it away');
    return undefined;
  } catch (error) {
    report(path, `this can't be read (${codeOf(error)})`);
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
