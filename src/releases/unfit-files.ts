import { MOST_PROBLEMS } from '../errors.js';
import type { RuleProblem } from '../rulebook/read/rule-problem.js';
import { didYouMean } from '../rulebook/read/suggest.js';
import { LATER_FOLDERS, ruleFolders } from '../rulebook/kinds/kinds.js';
import type { ReleaseFile } from '../stores/release-store.js';

/**
 * What stands in the way of writing these files into a folder at all: paths that are not
 * `<kind>/<name>.<json|yaml|yml>`, and so could leave it, paths told twice, and texts that are not UTF-8. What may have
 * been meant is told of the first ones alone, as only these are shown.
 */
export function unfitFiles(files: readonly ReleaseFile[]): RuleProblem[] {
  const seen = new Set<string>();
  const unfit: RuleProblem[] = [];
  for (const { path, text } of files) {
    const meant = unfit.length < MOST_PROBLEMS ? didYouMean : () => '';
    const message =
      pathProblem(path, meant) ?? (seen.has(path) ? 'this path is told twice; keep one of the two' : textProblem(text));
    seen.add(path);
    if (message !== undefined) unfit.push({ file: path, line: 1, column: 1, message });
  }
  return unfit;
}

const FOLDERS: readonly string[] = [...ruleFolders, ...LATER_FOLDERS];
/** No file system takes longer names. */
const MAX_NAME_BYTES = 255;
const SHAPE = 'write <kind>/<name>.json, .yaml or .yml, such as contextual/resume.json';

function pathProblem(path: string, meant: typeof didYouMean): string | undefined {
  const [folder = '', name = '', ...deeper] = path.split('/');
  if (folder === 'rules') return `paths start at the folder of their kind; ${SHAPE}`;
  if (name === '' || deeper.length > 0 || !/^[^.\\\0][^\\\0]*\.(json|yaml|yml)$/s.test(name))
    return `this is no path of a rule file; ${SHAPE}`;
  if (!FOLDERS.includes(folder)) return `unknown folder "${folder}"${meant(folder, FOLDERS)}`;
  if (!path.isWellFormed()) return `this path is not UTF-8; ${SHAPE}`;
  return Buffer.byteLength(name) > MAX_NAME_BYTES
    ? `this name is longer than the ${MAX_NAME_BYTES} bytes a file name may have; shorten it`
    : undefined;
}

function textProblem(text: string): string | undefined {
  return text.isWellFormed() ? undefined : 'the text holds half a character (a lone surrogate); send it as UTF-8';
}
