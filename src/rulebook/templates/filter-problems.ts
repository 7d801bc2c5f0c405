import { evalQuotedToken, TokenKind, Tokenizer, toValueSync, TypeGuards, Value, type Template } from 'liquidjs';
import { heldNumber } from '../../doors/held-number.js';
import { lostDigits } from '../read/lost-digits.js';
import { didYouMean } from '../read/suggest.js';
import { knownLocale } from '../values/known-locale.js';
import { patternProblem } from '../values/format-moment.js';
import { CURRENCIES, isCurrency, MOST_PLACES } from './number-filters.js';
import { isTimeZone } from '../../engine/values/wall-clock.js';

/** What is wrong with what filters are told in so many words: currencies, locales, time zones, decimal places. */
export function filterProblems(templates: readonly Template[]): string[] {
  return templates.flatMap((template) => [
    ...[...(template.arguments?.() ?? [])].flatMap((value) => (value instanceof Value ? problemsOf(value) : [])),
    ...(template.children ? filterProblems(toValueSync<Template[]>(template.children(false, true))) : []),
  ]);
}

/** What is wrong with the numbers that the outputs and tags of a template say: none may lose digits in silence. */
export function numberProblems(template: string): string[] {
  const problems: string[] = [];
  let isComment = false;
  for (const token of new Tokenizer(template).readTopLevelTokens()) {
    if (token.kind === TokenKind.HTML) continue;
    const code = token.getText();
    if (/^\{%-?\s*(?:end)?comment\b/.test(code)) isComment = !/^\{%-?\s*end/.test(code);
    if (isComment) continue;
    for (const [, digits = ''] of code.replace(QUOTED, '""').matchAll(NUMBER))
      if (heldNumber(digits) === undefined) problems.push(lostDigits(digits));
  }
  return problems;
}

const QUOTED = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/g;
/** Not what belongs to a name, such as `item-2`, nor to a path, such as `list.2`; the end of a range does. */
const NUMBER = /(?<![\w-]|(?<!\.)\.)(-?\d+(?:\.\d+)?)(?!\w)/g;

/** What is wrong with the name of a locale; undefined where nothing is. */
export function localeProblem(name: string): string | undefined {
  if (knownLocale(name) !== undefined) return undefined;
  const [language = '', country] = name.split(/[-_]/);
  const known = country === undefined ? undefined : knownLocale(language);
  const remedy = known === undefined ? 'write one such as "de-DE" or "en"' : `did you mean "${known}"?`;
  return `unknown locale "${name}"; ${remedy}`;
}

type Judge = (said: string | number | undefined) => string | undefined;

const JUDGES: Readonly<Record<string, readonly Judge[]>> = {
  date: [patternOf, zoneProblem, localeOf],
  money: [currencyProblem, localeOf],
  number: [placesProblem, localeOf],
  percent: [placesProblem, localeOf],
};

function problemsOf({ filters }: Value): string[] {
  return filters.flatMap(({ name, args }) => {
    const judges = Object.hasOwn(JUDGES, name) ? JUDGES[name] : undefined;
    return (judges ?? []).flatMap((judge, at) =>
      at < args.length || at === 0 ? (judge(literal(args[at])) ?? []) : [],
    );
  });
}

/** What is known only when the template is rendered is judged then. */
const LATER = Number.NaN;

function literal(arg: unknown): string | number | undefined {
  if (arg === undefined) return undefined;
  if (TypeGuards.isQuotedToken(arg)) return evalQuotedToken(arg);
  return TypeGuards.isNumberToken(arg) ? Number(arg.getText()) : LATER;
}

function patternOf(said: string | number | undefined): string | undefined {
  return typeof said === 'string' ? patternProblem(said) : undefined;
}

function zoneProblem(said: string | number | undefined): string | undefined {
  if (typeof said !== 'string' || isTimeZone(said)) return undefined;
  return `unknown time zone "${said}"${didYouMean(said, Intl.supportedValuesOf('timeZone'))}`;
}

function localeOf(said: string | number | undefined): string | undefined {
  return typeof said === 'string' ? localeProblem(said) : undefined;
}

function currencyProblem(said: string | number | undefined): string | undefined {
  if (said === undefined) return 'the filter "money" must say the currency, such as money: "EUR"';
  if (Number.isNaN(said) || (typeof said === 'string' && isCurrency(said))) return undefined;
  return `unknown currency "${said}"${didYouMean(String(said), CURRENCIES)}`;
}

function placesProblem(said: string | number | undefined): string | undefined {
  if (said === undefined || Number.isNaN(said)) return undefined;
  if (typeof said === 'number' && Number.isInteger(said) && said >= 0 && said <= MOST_PLACES) return undefined;
  return `${JSON.stringify(said)} is no count of decimal places; write a whole number from 0 to ${MOST_PLACES}`;
}
