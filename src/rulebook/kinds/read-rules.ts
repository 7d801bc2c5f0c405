import { createHash } from 'node:crypto';
import { decodeText } from '../../doors/bytes/decode-text.js';
import { DEAF, type Tell } from '../read/tell.js';
import { Findings } from '../read/findings.js';
import { readJson } from '../read/read-json.js';
import { readYaml } from '../read/read-yaml.js';
import { LineIndex, type RuleFile } from '../read/rule-file.js';
import type { KindDeclaration } from './kind-declaration.js';
import { readBytes, walkRules, type FoundFile, type Report, type RuleSource } from './walk-rules.js';

/** The rule files of a source, as read. */
export interface RuleFolder {
  /** Every file that defines something, sorted by path; those that could not be parsed have no `root`. */
  readonly files: readonly RuleFile[];
  readonly findings: Findings;
  readonly notes: readonly string[];
  /** `sha256:` and the digest over every file's path and bytes. */
  readonly digest: string;
}

/** Reads every rule file. Nothing is thrown: what can't be read is a finding. */
export function readRules(source: RuleSource, tell: Tell = DEAF): RuleFolder {
  const reader = new FolderReader();
  for (const found of walkRules(source, reader.report)) {
    tell('reading', found.path);
    reader.read(found);
  }
  return reader.result();
}

const PARSERS = new Map([
  ['json', readJson],
  ['yaml', readYaml],
  ['yml', readYaml],
]);
const ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

class FolderReader {
  private readonly files: RuleFile[] = [];
  private readonly findings = new Findings();
  private readonly notEnforced = new Map<string, number>();
  private readonly hash = createHash('sha256');
  private readonly pathOfId = new Map<string, string>();

  readonly report: Report = (path, message) => this.findings.add({ path, lines: new LineIndex('') }, 0, message);

  result(): RuleFolder {
    const { files, findings, notEnforced } = this;
    const notes = [...notEnforced].map(
      ([folder, count]) => `not enforced yet: ${folder}/, ${count} ${count === 1 ? 'file' : 'files'}`,
    );
    return { files, findings, notes, digest: `sha256:${this.hash.digest('hex')}` };
  }

  read(found: FoundFile): void {
    if (found.kind) return this.readFile(found.kind, found);
    // Of the digest all the same: what a later Usher enforces is part of what was released.
    this.take(found);
    const folder = found.path.slice(0, found.path.lastIndexOf('/'));
    this.notEnforced.set(folder, (this.notEnforced.get(folder) ?? 0) + 1);
  }

  /** The bytes of a file, which the digest is over. */
  private take(found: FoundFile): Buffer | undefined {
    const bytes = readBytes(found, this.report);
    if (bytes) this.hash.update(`${found.folder}/${found.entry}\n${bytes.length}\n`).update(bytes);
    return bytes;
  }

  private readFile(kind: KindDeclaration, found: FoundFile): void {
    const { entry, path } = found;
    const bytes = this.take(found);
    if (!bytes) return;
    const dot = entry.lastIndexOf('.');
    const id = entry.slice(0, dot);
    if (!ID.test(id))
      return this.report(path, `"${id}" can't be an id; name the file with letters, digits, ".", "_" and "-" only`);
    const decoded = decodeFound(found, bytes);
    const lines = new LineIndex(decoded.text);
    if (!this.isFirst(kind, id, path)) return;
    if (decoded.problem) this.findings.add({ path, lines }, decoded.problem.offset, decoded.problem.message);
    const parsed = decoded.problem ? undefined : PARSERS.get(entry.slice(dot + 1))?.(decoded.text);
    for (const problem of parsed?.problems ?? []) this.findings.add({ path, lines }, problem.offset, problem.message);
    this.files.push({ kind: kind.name, id, path, lines, root: parsed?.root });
  }

  /** What is gathered together shares one set of ids. */
  private isFirst({ into }: KindDeclaration, id: string, path: string): boolean {
    const key = `${into}/${id}`;
    const first = this.pathOfId.get(key);
    if (first === undefined) this.pathOfId.set(key, path);
    else this.report(path, `the id "${id}" is taken by ${first}; rename one of the two`);
    return first === undefined;
  }
}

/** What came as a text need not be made one again. */
function decodeFound({ at }: FoundFile, bytes: Buffer): ReturnType<typeof decodeText> {
  if (typeof at === 'string' || !at.text.isWellFormed()) return decodeText(bytes);
  return { text: at.text.startsWith('\uFEFF') ? at.text.slice(1) : at.text };
}
