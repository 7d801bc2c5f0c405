import { findDecorator, findOperator, operatorNames } from '../../engine/match/operators.js';
import { didYouMean } from '../read/suggest.js';

/**
 * What people write for operators, by other languages and by the words for them; a sentence is what to write instead.
 */
const MEANT: readonly (readonly [names: string, meant: string])[] = [
  ['= == === eq is equals same sameas', 'equal'],
  ['!= !== <> ne neq isnot not notequals differs', 'notEqual'],
  ['> gt morethan greater above over', 'greaterThan'],
  ['>= => gte ge atleast min greaterthanorequal greaterthanorequals', 'greaterThanInclusive'],
  ['< lt less below under', 'lessThan'],
  ['<= =< lte le atmost max lessthanorequal lessthanorequals', 'lessThanInclusive'],
  ['oneof anyof isin isoneof amongst among', 'in'],
  ['nin notoneof noneof isnotin', 'notIn'],
  ['includes include has have containsany', 'contains'],
  ['notcontains excludes hasnot', 'doesNotContain'],
  ['beginswith begins prefix starts hasprefix', 'startsWith'],
  ['ends suffix hassuffix', 'endsWith'],
  ['earlier earlierthan until', 'before'],
  ['later laterthan since', 'after'],
  ['innext next withindays', 'withinNext'],
  ['inlast last', 'withinLast'],
  ['equalsignorecase iequals equalignorecase ieq', 'ignoreCase:equal'],
];

const ADVICE: readonly (readonly [names: string, advice: string])[] = [
  ['within', 'write "withinNext" for what is to come, "withinLast" for what has been'],
  ['between', 'write two conditions, one with "greaterThanInclusive" and one with "lessThanInclusive"'],
  ['istoday today', 'write "operator": "during" with "value": "today"'],
  ['like ilike matches match regex', 'write "startsWith" or "endsWith", or "swap:in" for a part of the text'],
  ['semver version versiongreaterthan versionlessthan', 'write "semver:" before an operator, as "semver:greaterThan"'],
  ['ignorecase', 'write it before an operator, as "ignoreCase:equal"'],
];

/** The end of a message about an operator that there is not: the one that was meant, where that can be told. */
export function operatorAdvice(name: string): string {
  const word = name.toLowerCase().replace(/[\s_-]/g, '');
  const meant = meantBy(word, MEANT);
  if (meant !== undefined) return `; did you mean "${meant}"?${meant === 'contains' ? PART_OF_TEXT : ''}`;
  const advice = meantBy(word, ADVICE);
  return advice === undefined ? didYouMean(name, operatorNames) : `; ${advice}`;
}

const PART_OF_TEXT = ' For a part of a text write "swap:in"';

function meantBy(word: string, table: typeof MEANT): string | undefined {
  return table.find(([names]) => names.split(' ').includes(word))?.[1];
}

/** Why a decorator can't stand before an operator, those between them given; undefined where it can. */
export function misfit(decorator: string, between: readonly string[], operator: string): string | undefined {
  const [declared, base] = [findDecorator(decorator), findOperator(operator)];
  if (!declared?.fits || !base || declared.fits(base, between.length === 0)) return undefined;
  if (!declared.fits(base, true))
    return `"${decorator}:" does not go with "${operator}"; it goes with ${going(decorator)}`;
  return `"${decorator}:" must stand right before the operator: "${[...between, decorator, operator].join(':')}"`;
}

function going(decorator: string): string {
  const fitting = operatorNames.filter((name) => {
    const base = findOperator(name);
    return base && findDecorator(decorator)?.fits?.(base, true);
  });
  return fitting.join(', ');
}
