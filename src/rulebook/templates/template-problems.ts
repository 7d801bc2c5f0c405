import { LiquidError } from 'liquidjs';
import { FILE_TAGS, filterNames, globalPaths, ownBeginning, parseTemplate, tagNames } from './liquid.js';
import { addressProblems } from './address.js';
import { filterProblems, numberProblems } from './filter-problems.js';
import { htmlProblems } from './html-problems.js';
import { sizeProblem } from './size-problem.js';
import type { TextPlace } from './text-place.js';
import { TEMPLATE_NAMES } from './template-context.js';
import { nameProblem } from '../read/name-problem.js';
import { remembered } from '../read/remembered.js';
import { didYouMean } from '../read/suggest.js';

/** What is wrong with a template, in plain words; empty when it can be rendered. */
export function templateProblems(text: string, place: TextPlace = 'plain'): readonly string[] {
  return PROBLEMS[place](text);
}

const PROBLEMS: Readonly<Record<TextPlace, (text: string) => readonly string[]>> = {
  plain: remembered((text) => findProblems(text, 'plain')),
  html: remembered((text) => findProblems(text, 'html')),
  address: remembered((text) => findProblems(text, 'address')),
};

function findProblems(text: string, place: TextPlace): string[] {
  const tooMuch = sizeProblem(text);
  if (tooMuch !== undefined) return [tooMuch];
  try {
    const templates = parseTemplate(text);
    return [
      ...new Set([
        ...globalPaths(templates).flatMap(pathProblem),
        ...filterProblems(templates),
        ...numberProblems(text),
        ...(place === 'address' ? addressProblems(ownBeginning(text)) : []),
        ...(place === 'html' ? htmlProblems(text, parseTemplate) : []),
      ]),
    ];
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    return [parseProblem(error)];
  }
}

function pathProblem(path: readonly unknown[]): string[] {
  const misnamed = path.flatMap((step) => (typeof step === 'string' ? (nameProblem(step) ?? []) : []));
  return misnamed.length > 0 ? misnamed : unknownProblem(path);
}

function unknownProblem([name, event, part]: readonly unknown[]): string[] {
  const known: readonly string[] = TEMPLATE_NAMES;
  if (typeof name === 'string' && !known.includes(name)) {
    return [`unknown name "${name}" in the template${didYouMean(name, known)}`];
  }
  if (name !== 'interactions') return [];
  if (event === undefined || part === undefined) {
    return ["a template must say which interactions it means, such as interactions['Product Viewed'].count"];
  }
  if (typeof part !== 'string' || PARTS.includes(part)) return [];
  return [`interactions have no "${part}"${didYouMean(part, PARTS)}`];
}

const PARTS: readonly string[] = ['count', 'first', 'last'];

function parseProblem(error: LiquidError): string {
  const message = error.message.replace(/, line:\d+, col:\d+.*$/s, '');
  if (error.originalError instanceof RangeError) return TOO_DEEP;
  for (const [pattern, explain] of EXPLAINED) {
    const found = pattern.exec(message);
    if (found) return explain(found[1] ?? '');
  }
  return `the template can't be read: ${message}`;
}

const TOO_DEEP = 'the template has more brackets inside each other than can be read; make it flatter';

const EXPLAINED: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^undefined filter: (.*)$/s, (name) => `unknown filter "${name}" in the template${didYouMean(name, filterNames())}`],
  [/^tag "(.*)" not found$/s, explainTag],
  [/^output "(.*)" not closed$/s, (text) => `the template has a {{ that is not closed with }}: ${text}`],
  [/^tag "(.*)" not closed$/s, (text) => `the template has a {% that is not closed with %}: ${text}`],
  [
    /^tag (.*) not closed$/s,
    (text) => `${text} is never ended in the template; add {% end${/\w+/.exec(text)?.[0] ?? ''} %}`,
  ],
  [
    /^invalid value expression: "(.*)"$/s,
    (text) => `the template has an output that says nothing that can be understood: {{ ${text} }}`,
  ],
];

function explainTag(name: string): string {
  if (FILE_TAGS.includes(name))
    return `the tag "${name}" can't be used: a template is complete in itself and reads no other file`;
  const opener = name.replace(/^end/, '');
  if (name !== opener && tagNames().includes(opener))
    return `{% ${name} %} ends nothing in the template; remove it or add {% ${opener} … %} before it`;
  if (name === 'else' || name === 'elsif' || name === 'when')
    return `{% ${name} %} stands outside of {% if %} or {% case %} in the template`;
  return `unknown tag "${name}" in the template${didYouMean(name, tagNames())}`;
}
