/**
 * What a linter can't hold, as functions from texts to complaints: no complaints, all is well. Each complaint says what
 * to do. `tidy.spec.ts` runs them over the project, and over bad input to see that they would notice.
 */
import { posix } from 'node:path';
import ts from 'typescript';

/** The files looked at: path from the project's root, with forward slashes, to content. */
export type Files = ReadonlyMap<string, string>;

const IS_SPEC = /\.(spec|contract)\.ts$/;

/** Rooms are two levels deep at most, hold three files at least (specs apart), and are named after the domain. */
export function roomComplaints(paths: Iterable<string>): string[] {
  const sizes = new Map<string, number>();
  const besides = new Map<string, number>();
  const complaints: string[] = [];
  for (const path of paths) {
    if (path.endsWith('.ts') && !IS_SPEC.test(path))
      besides.set(posix.dirname(path), (besides.get(posix.dirname(path)) ?? 0) + 1);
    const folders = posix.dirname(path).split('/').slice(1);
    if (folders.length > 2) complaints.push(`${path}: two levels of folders at most; move it up`);
    const nowhere = folders.find((folder) =>
      /^(common|utils?|helpers?|shared|dtos?|interfaces|types|lib|misc)$/.test(folder),
    );
    if (nowhere) complaints.push(`${path}: ${nowhere}/ is no word of the domain; move it to the room that uses it`);
    if (posix.basename(path) === 'index.ts') complaints.push(`${path}: no barrels; import from the file itself`);
    for (let depth = 1; depth <= folders.length && !IS_SPEC.test(path); depth++) {
      const folder = ['src', ...folders.slice(0, depth)].join('/');
      sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
    }
  }
  const small = [...sizes].filter(([, size]) => size < 3);
  const crowded = [...besides].filter(([, size]) => size > MOST_SIDE_BY_SIDE);
  return [
    ...complaints,
    ...small.map(([folder, size]) => `${folder}/: holds ${size} of the three files that earn a folder its place`),
    ...crowded.map(([folder, size]) => `${folder}/: has ${size} files side by side; make rooms for some of them`),
  ];
}

/** Specs apart: so many names are still read at a glance. */
const MOST_SIDE_BY_SIDE = 20;

/** The files that rooms show to others by `faces`, patterns of names by room, and that no other room imports. */
export function shownInVain(files: Files, faces: Readonly<Record<string, string>>): string[] {
  const shipped = [...files].filter(([path]) => /^src\/.+\.ts$/.test(path) && !/\.(spec|contract)\.ts$/.test(path));
  const asked = new Set(shipped.flatMap(([path, source]) => importedFromOtherRooms(path, source)));
  return Object.entries(faces).flatMap(([room, face]) => {
    const shows = new RegExp(`^src/${room}/(?:${face})\\.ts$`);
    return shipped.map(([path]) => path).filter((path) => shows.test(path) && !asked.has(path));
  });
}

function importedFromOtherRooms(path: string, source: string): string[] {
  const imported = [...source.matchAll(/(?:from|import\() ?'(\.[^']+)\.js'/g)].map(
    ([, name = '']) => `${posix.join(posix.dirname(path), name)}.ts`,
  );
  return imported.filter((other) => other.split('/')[1] !== path.split('/')[1]);
}

/** Files are named in kebab-case, with dots between the parts of a name. */
export function nameComplaints(paths: Iterable<string>): string[] {
  const kebab = /^\.?[a-z0-9]+([.-][a-z0-9]+)*$/;
  return [...paths].filter((path) => !kebab.test(posix.basename(path))).map((path) => `${path}: name it in kebab-case`);
}

const ADR_PARTS: readonly (readonly [string, RegExp])[] = [
  ['a title such as `# 0001 Two stores`', /^# \d{4} \S/],
  [
    '`Status:` with Proposed, Accepted, Rejected or Superseded by a number',
    /^Status: (Proposed|Accepted|Rejected|Superseded by \d{4})$/m,
  ],
  ['`Date:` with a day such as 2026-11-21', /^Date: \d{4}-\d{2}-\d{2}$/m],
  ...['Context', 'Decision', 'Rejected options', 'Consequences'].map(
    (part) => [`a part \`## ${part}\``, new RegExp(`^## ${part}$`, 'm')] as const,
  ),
];

/** Decision records are numbered without a gap or a double, and have every part. */
export function adrComplaints(adrs: Files): string[] {
  const names = [...adrs.keys()].map((path) => posix.basename(path)).sort();
  const misnumbered = names.filter((name, i) => !name.startsWith(`${String(i + 1).padStart(4, '0')}-`));
  const incomplete = [...adrs].flatMap(([path, text]) =>
    ADR_PARTS.filter(([, pattern]) => !pattern.test(text)).map(([part]) => `${path}: has not ${part}`),
  );
  return [
    ...misnumbered.map((name) => `${name}: decisions are numbered 0001, 0002, … without a gap or a double`),
    ...incomplete,
  ];
}

/**
 * Links between files lead to a file, and to a heading where they name one. `exists` knows every path of the project.
 */
export function linkComplaints(documents: Files, exists: (path: string) => boolean): string[] {
  return [...documents].flatMap(([path, text]) =>
    linksOf(text).flatMap((link) => {
      const [target = '', anchor] = link.split('#');
      const file = target === '' ? path : posix.join(posix.dirname(path), decodeURI(target));
      if (!exists(file.replace(/\/$/, ''))) return [`${path}: the link ${link} leads nowhere`];
      const headings = documents.get(file);
      return anchor && headings !== undefined && !anchorsOf(headings).has(anchor)
        ? [`${path}: ${link} names no heading there`]
        : [];
    }),
  );
}

function linksOf(markdown: string): string[] {
  const links = withoutCode(markdown).matchAll(
    /\]\(([^()\s]+)(?: "[^"]*")?\)|<(?:img|a)\s[^>]*(?:src|href)="([^"]+)"/g,
  );
  return [...links].map(([, inline, html]) => inline ?? html ?? '').filter((link) => !/^([a-z]+:|\/\/)/.test(link));
}

/** Headings as GitHub names them in an address. */
function anchorsOf(markdown: string): Set<string> {
  const headings = withoutCode(markdown, /^(```|~~~)[\s\S]*?^\1/gm).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function withoutCode(markdown: string, code = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm): string {
  return markdown.replace(code, '');
}

/**
 * No path of one person's machine, no mark of something unfinished, no check silenced without its reason. The marks are
 * spelt with an empty group, so that this file passes.
 */
export function leftoverComplaints(files: Files): string[] {
  const leftovers: readonly (readonly [RegExp, string])[] = [
    [/(?<![\w.:/$}-])\/(?:home|Users|root|work|mnt)\/\w/, 'a path of one machine'],
    [/\b(?:TO(?:)DO|FIX(?:)ME|XX(?:)X|HA(?:)CK)\b/, 'something unfinished: finish it, or open an issue'],
    [/eslint-dis(?:)able(?!.* -- )/, 'a silenced check without its reason (` -- because`)'],
    [/@ts-(?:)(?:ignore|nocheck)/, 'a silenced compiler'],
  ];
  return [...files].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, i) =>
        leftovers.filter(([mark]) => mark.test(line)).map(([, what]) => `${path}:${i + 1}: ${what}`),
      ),
  );
}

/**
 * Lines of a source text over 120 columns. A regular expression can't be broken, nor can a line of a text between
 * backticks that goes over several lines: such a line may be as long as it is.
 */
export function widthComplaints(path: string, source: string): string[] {
  const lines = source.split('\n');
  const long = lines.flatMap((line, at) => (line.length > MOST_COLUMNS ? [at] : []));
  if (long.length === 0) return [];
  const unbreakable = unbreakableLines(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
  return long
    .filter((at) => !unbreakable.has(at))
    .map((at) => `${path}:${at + 1}: has ${lines[at]?.length} columns of ${MOST_COLUMNS}; cut it, texts with a +`);
}

const MOST_COLUMNS = 120;

function unbreakableLines(file: ts.SourceFile): Set<number> {
  const found = new Set<number>();
  const visit = (node: ts.Node): void => {
    const first = file.getLineAndCharacterOfPosition(node.getStart()).line;
    const last = file.getLineAndCharacterOfPosition(node.end).line;
    const isText = ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
    if (ts.isRegularExpressionLiteral(node) || (isText && last > first))
      for (let line = first; line <= last; line++) found.add(line);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What a file exports has a TSDoc comment; errors made by `defineError` speak for themselves. */
export function undocumentedExports(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  return file.statements.filter(isExported).flatMap((statement) => {
    if (ts.getJSDocCommentsAndTags(statement).length > 0 || /= defineError\(/.test(statement.getText())) return [];
    const { line } = file.getLineAndCharacterOfPosition(statement.getStart());
    return [`${path}:${line + 1}: say in a TSDoc comment what ${nameOf(statement)} promises`];
  });
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function nameOf(node: ts.Statement): string {
  const declared = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node;
  const name = declared && 'name' in declared ? (declared.name as ts.Node | undefined) : undefined;
  return name?.getText() ?? 'this';
}

/** Words that are declared in one place, and the files in which each of some may be spelt besides, with the reason. */
export interface DeclaredWords {
  readonly what: string;
  readonly words: readonly string[];
  /** Where they are declared: beginnings of paths. */
  readonly declaredIn: readonly string[];
  readonly elsewhere: readonly {
    readonly words: readonly string[];
    readonly files: readonly string[];
    readonly because: string;
  }[];
}

/**
 * Texts between quotes that are a declared word, outside of its declaration, specs, and the places that have a reason;
 * and reasons that nothing needs any more.
 */
export function spellingComplaints(files: Files, declared: DeclaredWords): string[] {
  const excused = new Set<string>();
  const complaints = [...files].flatMap(([path, source]) => {
    if (IS_SPEC.test(path) || declared.declaredIn.some((start) => path.startsWith(start))) return [];
    return spelt(source).flatMap(({ word, line }) => {
      if (!declared.words.includes(word)) return [];
      if (isExcused(declared, path, word)) {
        excused.add(`${path} ${word}`);
        return [];
      }
      return [`${path}:${line}: spells the ${declared.what} "${word}"; read its declaration, or import it`];
    });
  });
  return [...complaints, ...needless(declared, excused)];
}

function isExcused({ elsewhere }: DeclaredWords, path: string, word: string): boolean {
  return elsewhere.some(({ words, files }) => words.includes(word) && files.includes(path));
}

function needless({ what, elsewhere }: DeclaredWords, excused: ReadonlySet<string>): string[] {
  return elsewhere.flatMap(({ words, files }) =>
    files
      .filter((file) => !words.some((word) => excused.has(`${file} ${word}`)))
      .map((file) => `${file}: spells no ${what} any more; take it off the list`),
  );
}

interface Spelt {
  readonly word: string;
  readonly line: number;
}

/** Every kind of word is looked for in the same sources. */
const speltBefore = new Map<string, readonly Spelt[]>();

function spelt(source: string): readonly Spelt[] {
  const known = speltBefore.get(source) ?? readSpelt(source);
  speltBefore.set(source, known);
  return known;
}

/** Every text between quotes that could be a word, by itself or to begin a template; names of members are not texts. */
function readSpelt(source: string): readonly Spelt[] {
  const file = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const found: Spelt[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
      if (!isKeyLooked(node))
        found.push({ word: node.text, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `'all' in node`, `root.get('name')` and `value['name']` look for a member of a file, not for a declared word. */
function isKeyLooked(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.InKeyword;
  if (ts.isElementAccessExpression(parent)) return true;
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'get'
  );
}
