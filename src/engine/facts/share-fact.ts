import { bucket } from '../values/bucket.js';
import type { JsonObject } from '../language/json.js';
import { bucketingId } from '../visitor/bucketing-id.js';
import type { FactDeclaration, FactProblem } from './fact-declaration.js';

/**
 * `share`: where a person falls between 0 and 100 under a salt, always the same and evenly spread, so that `lessThan
 * 10`
 * holds of a tenth of all people. See {@link bucket}.
 */
export const shareFact: FactDeclaration = {
  name: 'share',
  hint: 'where the person falls between 0 and 100, always the same; "lessThan" 10 is a tenth of all people',
  source: 'identity',
  readsVisitor: true,
  scoped: false,
  cost: 2,
  shape: () => ({ kind: 'number', min: 0, max: 100 }),
  form: [{ name: 'salt', label: 'of the draw called', input: 'text' }],
  problems: saltProblems,
  compile:
    (params) =>
    ({ visitor }) =>
      percentile(bucketingId(visitor), params),
  readId: percentile,
  say: (params) => `share ${saltOf(params)}`,
};

function percentile(id: string, params: JsonObject): number {
  return bucket(`share ${saltOf(params)}`, id) * 100;
}

function saltOf({ salt }: JsonObject): string {
  return typeof salt === 'string' ? salt : '';
}

function saltProblems(params: JsonObject): readonly FactProblem[] {
  const { salt, ...others } = params;
  const unknown = Object.keys(others).map((name) => ({
    path: ['params', name],
    message: `unknown param "${name}"; the only param of share is salt`,
    isAboutName: true,
  }));
  if (typeof salt === 'string' && salt !== '') return unknown;
  const message =
    'a share needs "params": { "salt": "…" }, the name of the draw: ' +
    'one salt always picks the same people, and another picks others';
  return [...unknown, { path: salt === undefined ? [] : ['params', 'salt'], message }];
}
