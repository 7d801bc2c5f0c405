import { findDeclaration } from '../../engine/facts/facts.js';
import { namesInPath } from '../../engine/match/path.js';
import { nameProblem } from '../read/name-problem.js';
import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';
import type { Check } from './kind-declaration.js';

type Report = (offset: number, message: string) => void;

/** Makes the check of the names of data that the conditions at a place ask for: data must be able to have them. */
export function checkNamesAt(where: string): Check {
  return reporting(({ root }, report) => checkCondition(root?.get(where), report));
}

/** The channel of a placement, and those of a rule. */
export const checkChannelNames = reporting(({ root }, report) => {
  checkTexts(root?.get('channel'), report);
  checkTexts(root?.get('channels'), report);
});

/** The traits of the policy of consent: a name that no trait can have would protect nothing. */
export const checkTraitNames = reporting(({ root }, report) => checkKeys(root?.get('traits'), report));

/** The events and properties of the single view, whose other members are texts. */
export const checkSingleViewNames = reporting(({ root }, report) => {
  for (const part of root?.members.values() ?? [])
    for (const [word, { node }] of part.node.members) if (!VALUES.includes(word)) checkTexts(node, report);
});

/** The names of the data of a case, its channel and its events. */
export const checkCaseNames = reporting(({ root }, report) => {
  checkTexts(root?.get('request', 'channel'), report);
  checkKeys(root?.get('request', 'context'), report);
  checkKeys(root?.get('visitor', 'traits'), report);
  for (const one of root?.get('visitor', 'contacts')?.items ?? []) checkTexts(one.get('channel'), report);
  for (const one of root?.get('visitor', 'interactions')?.items ?? []) {
    checkTexts(one.get('event'), report);
    checkTexts(one.get('channel'), report);
    checkKeys(one.get('properties'), report);
  }
});

/** What of the single view are no names. */
const VALUES: readonly string[] = ['yes', 'no', 'words'];
/** What names something, of what a form asks for. */
const NAMED: readonly string[] = ['event', 'channel', 'property'];

function reporting(check: (file: RuleFile, report: Report) => void): Check {
  return (file, _index, findings) => check(file, (offset, message) => findings.add(file, offset, message));
}

/** Conditions and what is inside them; in `where` the names of facts are those of properties. */
function checkCondition(node: SourceNode | undefined, report: Report, inWhere = false): void {
  if (!node) return;
  const fact = node.get('fact');
  if (inWhere) checkTexts(fact, report);
  if (fact) checkReference(node, fact, report);
  for (const item of node.items) checkCondition(item, report, inWhere);
  for (const name of ['all', 'any', 'not', 'value']) checkCondition(node.get(name), report, inWhere);
  checkCondition(node.get('params', 'where'), report, true);
}

function checkReference(node: SourceNode, fact: SourceNode, report: Report): void {
  for (const { name, input } of findDeclaration(fact.text ?? '')?.form ?? []) {
    if (NAMED.includes(input)) checkTexts(node.get('params', name), report);
    if (input === 'conditions') checkKeys(node.get('params', name), report);
  }
  const path = node.get('path');
  for (const name of path?.text === undefined ? [] : namesInPath(path.text)) {
    const problem = nameProblem(name);
    if (path && problem !== undefined) report(path.offset, problem);
  }
}

function checkTexts(node: SourceNode | undefined, report: Report): void {
  const problem = node?.text === undefined ? undefined : nameProblem(node.text);
  if (node && problem !== undefined) report(node.offset, problem);
  for (const item of node?.items ?? []) checkTexts(item, report);
  for (const member of node?.members.values() ?? []) checkTexts(member.node, report);
}

function checkKeys(node: SourceNode | undefined, report: Report): void {
  for (const item of node?.items ?? []) checkKeys(item, report);
  for (const [name, member] of node?.members ?? []) {
    const problem = nameProblem(name);
    if (problem !== undefined) report(member.keyOffset, problem);
    checkKeys(member.node, report);
  }
}
