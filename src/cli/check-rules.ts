import { loadRulebook } from '../rulebook/load-rulebook.js';
import { checkJson, checkText } from './print-check.js';

/** `usher check [dir]`: prints every problem of the rule files; gives the exit code, 1 when there is one. */
export function checkRules(dir: string, { json = false }: { json?: boolean }, print: (text: string) => void): number {
  const loaded = loadRulebook(dir);
  print(json ? checkJson(loaded) : checkText(loaded));
  return loaded.problems.length > 0 ? 1 : 0;
}
