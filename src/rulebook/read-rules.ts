import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { decodeText, MAX_FILE_BYTES } from './decode-text.js';
import { Findings } from './findings.js';
import { readJson } from './read-json.js';
import { readYaml } from './read-yaml.js';
import { CONSENT_POLICY, KINDS, LineIndex, type Kind, type RuleFile } from './rule-file.js';
import { didYouMean } from './suggest.js';

/** The rule files of a folder, as read. */
export interface RuleFolder {
  /** Every file that defines something, sorted by path; those that could not be parsed have no `root`. */
  readonly files: readonly RuleFile[];
  readonly findings: Findings;
  readonly notes: readonly string[];
  /** `sha256:` and the digest over every file's path and bytes. */
  readonly digest: string;
}

/** Reads every rule file under a folder. Nothing is thrown: what can't be read is a finding. */
export function readRules(dir: string): RuleFolder {
  const reader = new FolderReader(basename(resolve(dir)));
  reader.read(resolve(dir));
  return reader.result();
}

/** Kinds of the rule language that are not enforced yet: they may be there, and are only mentioned. */
const LATER_KINDS: readonly string[] = ['automation', 'experiments', 'journeys'];
const PARSERS = new Map([['json', readJson], ['yaml', readYaml], ['yml', readYaml]]);
const ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

class FolderReader {
  private readonly files: RuleFile[] = [];
  private readonly findings = new Findings();
  private readonly notes: string[] = [];
  private readonly hash = createHash('sha256');
  private readonly pathOfId = new Map<string, string>();

  constructor(private readonly name: string) {}

  result(): RuleFolder {
    const { files, findings, notes } = this;
    return { files, findings, notes, digest: `sha256:${this.hash.digest('hex')}` };
  }

  read(dir: string): void {
    for (const entry of this.list(dir, this.name)) {
      const path = `${this.name}/${entry}`;
      const isFolder = this.isFolder(join(dir, entry), path);
      if (!isFolder) {
        if (isFolder === false && isRuleText(entry)) this.report(path, `a rule file stands in the folder of its kind; move it to one of ${KINDS.join(', ')}`);
        continue;
      }
      const kind = KINDS.find((known) => known === entry);
      if (kind) this.readKind(kind, join(dir, entry));
      else if (LATER_KINDS.includes(entry)) this.noteLater(path, this.list(join(dir, entry), path));
      else this.report(path, `unknown folder "${entry}"${didYouMean(entry, KINDS)}`);
    }
  }

  private readKind(kind: Kind, dir: string): void {
    const entries = this.list(dir, `${this.name}/${kind}`);
    const isLater = (entry: string): boolean => kind === 'policies' && !entry.startsWith(`${CONSENT_POLICY}.`);
    this.noteLater(`${this.name}/${kind}`, entries.filter(isLater));
    for (const entry of entries.filter((one) => !isLater(one))) {
      const path = `${this.name}/${kind}/${entry}`;
      const isFolder = this.isFolder(join(dir, entry), path);
      if (isFolder) this.report(path, `folders inside ${kind}/ are not read; move the files one up`);
      if (isFolder === false) this.readFile(kind, entry, join(dir, entry), path);
    }
  }

  private readFile(kind: Kind, entry: string, at: string, path: string): void {
    const dot = entry.lastIndexOf('.');
    const parse = PARSERS.get(entry.slice(dot + 1));
    if (dot < 0 || !parse) return this.report(path, `rule files end in .json, .yaml or .yml; rename "${entry}" or move it away`);
    const bytes = this.bytes(at, path);
    if (!bytes) return;
    this.hash.update(`${kind}/${entry}\n${bytes.length}\n`).update(bytes);
    const id = entry.slice(0, dot);
    if (!ID.test(id)) return this.report(path, `"${id}" can't be an id; name the file with letters, digits, ".", "_" and "-" only`);
    const decoded = decodeText(bytes);
    const lines = new LineIndex(decoded.text);
    if (!this.isFirst(kind, id, path)) return;
    if (decoded.problem) this.findings.add({ path, lines }, decoded.problem.offset, decoded.problem.message);
    const parsed = decoded.problem ? undefined : parse(decoded.text);
    for (const problem of parsed?.problems ?? []) this.findings.add({ path, lines }, problem.offset, problem.message);
    this.files.push({ kind, id, path, lines, root: parsed?.root });
  }

  /** Proactive and contextual rules share one set of ids. */
  private isFirst(kind: Kind, id: string, path: string): boolean {
    const isRule = kind === 'proactive' || kind === 'contextual';
    const key = `${isRule ? 'rules' : kind}/${id}`;
    const first = this.pathOfId.get(key);
    if (first === undefined) this.pathOfId.set(key, path);
    else this.report(path, `the id "${id}" is taken by ${first}; rename one of the two`);
    return first === undefined;
  }

  private bytes(at: string, path: string): Buffer | undefined {
    try {
      const size = statSync(at).size;
      if (size <= MAX_FILE_BYTES) return readFileSync(at);
      this.report(path, `the file has ${size} bytes, more than the ${MAX_FILE_BYTES} a rule file may have; split it`);
    } catch (error) {
      this.report(path, `the file can't be read (${codeOf(error)})`);
    }
    return undefined;
  }

  private noteLater(path: string, entries: readonly string[]): void {
    const count = entries.filter(isRuleText).length;
    if (count > 0) this.notes.push(`not enforced yet: ${path}/, ${count} ${count === 1 ? 'file' : 'files'}`);
  }

  private list(dir: string, path: string): string[] {
    try {
      return readdirSync(dir).filter((entry) => !entry.startsWith('.') && entry !== 'README.md').sort();
    } catch (error) {
      const missing = codeOf(error) === 'ENOENT';
      this.report(path, missing ? 'there is no such folder; create it, or name another' : `the folder can't be read (${codeOf(error)})`);
      return [];
    }
  }

  /** Undefined when it can't be told, which is reported. */
  private isFolder(at: string, path: string): boolean | undefined {
    try {
      return statSync(at).isDirectory();
    } catch (error) {
      this.report(path, `this can't be read (${codeOf(error)})`);
      return undefined;
    }
  }

  private report(path: string, message: string): void {
    this.findings.add({ path, lines: new LineIndex('') }, 0, message);
  }
}

function isRuleText(entry: string): boolean {
  return /\.(json|yaml|yml)$/.test(entry);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
