import type { Findings } from '../read/findings.js';
import { CONSENT_POLICY, POLICIES, type RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import { shown } from './shape-message.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';

/** The purpose that an offer names must be one of the policy. */
export function checkOfferConsent(file: RuleFile, index: RuleIndex, findings: Findings): void {
  checkMentions(file, valuesOf([file.root?.get('consent')]), index, findings);
}

/** The purposes that a case names must be those of the policy, and each must say `granted` or `denied`. */
export function checkCaseConsent(file: RuleFile, index: RuleIndex, findings: Findings): void {
  checkMentions(file, namesOf(file.root?.get('visitor', 'consents')), index, findings);
  checkStatements(file, findings);
}

/** The purposes that the policy names for facts and traits must be its own. */
export function checkConsentPolicy(file: RuleFile, index: RuleIndex, findings: Findings): void {
  const { root } = file;
  const mentions = [
    ...namesOf(root?.get('purposes')),
    ...valuesOf(membersOf(root?.get('facts'))),
    ...valuesOf(membersOf(root?.get('traits'))),
  ];
  checkMentions(file, mentions, index, findings);
}

/** Without a policy any purpose may be named: each then needs the visitor's word. */
function checkMentions(file: RuleFile, mentions: readonly Mention[], index: RuleIndex, findings: Findings): void {
  for (const { name, offset } of mentions) {
    const problem = nameProblem(name) ?? unknownProblem(name, index);
    if (problem !== undefined) findings.add(file, offset, problem);
  }
}

/** A purpose where a file names it. */
interface Mention {
  readonly name: string;
  readonly offset: number;
}

function namesOf(node: SourceNode | undefined): Mention[] {
  return [...(node?.members ?? [])].map(([name, { keyOffset }]) => ({ name, offset: keyOffset }));
}

function membersOf(node: SourceNode | undefined): SourceNode[] {
  return [...(node?.members.values() ?? [])].map((member) => member.node);
}

function valuesOf(nodes: readonly (SourceNode | undefined)[]): Mention[] {
  return nodes.flatMap((node) => (node?.text === undefined ? [] : [{ name: node.text, offset: node.offset }]));
}

/** It stands in the address under which consent is recorded. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

function nameProblem(name: string): string | undefined {
  return NAME.test(name)
    ? undefined
    : `${shown(name)} can't be a purpose; name it with letters, digits, ".", "_" and "-" only`;
}

function unknownProblem(name: string, index: RuleIndex): string | undefined {
  const policy = index.find(POLICIES, CONSENT_POLICY);
  // A policy that could not be parsed, or has no purposes, is one problem, and it has been reported.
  const purposes = policy?.root?.get('purposes');
  if (!purposes?.isObject || purposes.get(name)) return undefined;
  const known = [...purposes.members.keys()];
  const remedy = didYouMean(name, known);
  return `unknown purpose "${name}"${remedy || `; add it to "purposes" in ${policy?.path}`}`;
}

/** Its shape, in better words than a schema's choice of shapes gives. */
function checkStatements(file: RuleFile, findings: Findings): void {
  for (const said of membersOf(file.root?.get('visitor', 'consents'))) {
    const status = said.isObject ? said.get('status') : said;
    if (!status) findings.add(file, said.offset, '"status" is missing; add "status": "granted" or "denied"');
    else if (status.text !== 'granted' && status.text !== 'denied')
      findings.add(
        file,
        status.offset,
        'consent is "granted" or "denied", or { "status": "granted", "until": "2027-01-01" }; ' +
          `got ${shown(status.value)}`,
      );
    for (const name of said.members.keys()) {
      if (name !== 'status' && name !== 'until')
        findings.add(file, said.keyOffset(name), `unknown property "${name}"${didYouMean(name, ['status', 'until'])}`);
    }
    const until = said.get('until');
    if (until && until.text === undefined)
      findings.add(file, until.offset, `"until" must be a day or an instant between quotes; got ${shown(until.value)}`);
  }
}
