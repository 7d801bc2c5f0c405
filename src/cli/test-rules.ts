import { caseCoverage } from '../rulebook/case-coverage.js';
import { crossCheckCases } from '../rulebook/cross-check-cases.js';
import { loadRulebook } from '../rulebook/load-rulebook.js';
import { runCases } from '../rulebook/run-cases.js';
import { casesJson, casesText } from './print-cases.js';
import { checkJson, checkText } from './print-check.js';

/**
 * `usher test [dir]`: runs the cases of the rule files through both matchers; gives the exit code, 1 when a case fails or
 * the files are broken.
 */
export async function testRules(dir: string, { json = false }: { json?: boolean }, print: (text: string) => void): Promise<number> {
  const loaded = loadRulebook(dir);
  if (!loaded.rulebook) {
    print(json ? checkJson(loaded) : checkText(loaded));
    return 1;
  }
  const results = await crossCheckCases(loaded.definitions, loaded.rulebook, runCases(loaded.definitions, loaded.rulebook));
  const coverage = caseCoverage(loaded.definitions, loaded.rulebook);
  print(json ? casesJson(results, coverage) : casesText(results, coverage));
  return results.every(({ ok }) => ok) ? 0 : 1;
}
