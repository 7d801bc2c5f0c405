import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { decide } from '../../engine/decide.js';
import type { CaseDefinition } from '../../engine/language/case-definition.js';
import { CommandFailed } from '../../errors.js';
import { caseRuns } from '../../rulebook/cases/case-runs.js';
import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import { readRules } from '../../rulebook/kinds/read-rules.js';
import { CONSENT_POLICY, KINDS, type Kind, type RuleFile } from '../../rulebook/read/rule-file.js';
import { problemText } from '../../rulebook/read/rule-problem.js';
import { suggest } from '../../rulebook/read/suggest.js';
import { hasTreatmentFor } from '../../rulebook/templates/treatment-lookup.js';
import { startingText, type StartingNames } from './starting-texts.js';
import { schemaNextTo } from './write-schemas.js';

/** `usher new KIND NAME`: writes a commented starting file and says what to do next; gives the exit code. */
export function newFile(kindText: string, id: string, { dir }: { dir: string }, print: (text: string) => void): number {
  const kind = kindOf(kindText);
  refuseBadName(kind, id);
  const taken = takenBy(dir, kind, id);
  if (taken !== undefined)
    throw new CommandFailed(
      `${taken} is there already, and is left as it is. Choose another name, or change that file.`,
    );
  const file = join(dir, kind, `${id}.yaml`);
  const text = `${schemaLine(dir, kind)}${startingText(kind, namesFor(dir, kind, id))}`;
  write(dir, kind, file, text);
  print([`${styleText('green', '✓')} ${file}`, '', ...nextSteps(dir, kind, id)].join('\n'));
  return 0;
}

function kindOf(text: string): Kind {
  const kind = KINDS.find((known) => known === text || ONE[known] === text);
  if (kind) return kind;
  const meant = suggest(text, KINDS);
  throw new CommandFailed(
    `"${text}" is no kind of rule file${meant === undefined ? '' : `; did you mean "${meant}"?`}\nThe kinds are ${KINDS.join(', ')}.`,
  );
}

const ONE: Readonly<Partial<Record<Kind, string>>> = {
  placements: 'placement',
  offers: 'offer',
  segments: 'segment',
  policies: 'policy',
  cases: 'case',
};
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

function refuseBadName(kind: Kind, id: string): void {
  if (!NAME.test(id))
    throw new CommandFailed(
      `"${id}" can't be the name of a rule file. Use letters, digits, ".", "_" and "-" only, without an ending such as .json.`,
    );
  if (/\.(json|yaml|yml)$/.test(id))
    throw new CommandFailed(`Give the name without its ending: ${id.replace(/\.\w+$/, '')}.`);
  if (kind === 'policies' && id !== CONSENT_POLICY)
    throw new CommandFailed(`The only policy so far is about consent: usher new policies ${CONSENT_POLICY}.`);
}

/** Proactive and contextual rules share one set of ids, and some disks don't tell capitals apart. */
function takenBy(dir: string, kind: Kind, id: string): string | undefined {
  const folders: readonly Kind[] = kind === 'proactive' || kind === 'contextual' ? ['proactive', 'contextual'] : [kind];
  const files = folders
    .map((folder) => join(dir, folder))
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []));
  return files.find((file) => /([^/\\]+)\.(json|yaml|yml)$/.exec(file)?.[1]?.toLowerCase() === id.toLowerCase());
}

function write(dir: string, kind: Kind, file: string, text: string): void {
  try {
    mkdirSync(join(dir, kind), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw new CommandFailed(
      `${file} can't be written (${String((error as NodeJS.ErrnoException).code)}). Name another folder with --dir.`,
    );
  }
}

/** Editors with the YAML language server find the schema by this line. */
function schemaLine(dir: string, kind: Kind): string {
  const found = schemaNextTo(dir, kind);
  return found === undefined ? '' : `# yaml-language-server: $schema=${found}\n`;
}

function namesFor(dir: string, kind: Kind, id: string): StartingNames {
  const files = existsSync(dir) ? readRules(dir).files : [];
  const of = (wanted: Kind) => files.filter((file) => file.kind === wanted);
  const pair = fittingPair(of('placements'), of('offers'));
  const placement = pair?.placement ?? of('placements')[0]?.id ?? 'home.hero';
  const today = new Date().toISOString().slice(0, 10);
  return {
    ...{ id, today, placement },
    offer: pair?.offer ?? of('offers')[0]?.id ?? 'welcome',
    fallback: fallbackOf(of('placements'), of('offers')),
    segment: of('segments')[0]?.id,
    purpose: [...(of('policies')[0]?.root?.get('purposes')?.members.keys() ?? [])][0],
    shown: kind === 'cases' && files.length > 0 ? shownToday(dir, placement, today) : [],
  };
}

/** An offer that looks like something anywhere; best one that other placements fall back on. */
function fallbackOf(placements: readonly RuleFile[], offers: readonly RuleFile[]): string | undefined {
  const anywhere = offers.filter((offer) => isLive(offer) && offer.root?.get('treatments', '*')).map(({ id }) => id);
  const used = placements.map(({ root }) => root?.get('fallback')?.text).filter((id) => id !== undefined);
  return used.find((id) => anywhere.includes(id)) ?? anywhere[0];
}

/** A placement, and a live offer that looks like something there. */
function fittingPair(
  placements: readonly RuleFile[],
  offers: readonly RuleFile[],
): { placement: string; offer: string } | undefined {
  for (const placement of placements.filter(isLive)) {
    const channel = placement.root?.get('channel')?.text;
    const offer = offers
      .filter(isLive)
      .find(({ root }) => root && hasTreatmentFor(root, placement.id, channel === undefined ? [] : [channel]));
    if (offer) return { placement: placement.id, offer: offer.id };
  }
  return undefined;
}

function isLive({ root }: RuleFile): boolean {
  return root !== undefined && (root.get('status')?.text ?? 'live') === 'live';
}

/** What a stranger is shown, so that the case begins as one that passes. */
function shownToday(dir: string, placement: string, today: string): string[] {
  const { rulebook, definitions } = loadRulebook(dir);
  if (!rulebook) return [];
  const told: CaseDefinition = {
    name: '',
    request: { placements: [placement] },
    now: `${today}T09:00:00Z`,
    expect: {},
  };
  const [run] = caseRuns({ ...definitions, cases: new Map([['new', told]]) }, rulebook);
  return run ? decide(run.input).flatMap(({ items }) => items.map(({ offer }) => offer)) : [];
}

function nextSteps(dir: string, kind: Kind, id: string): string[] {
  const { problems } = loadRulebook(dir);
  const own = problems.filter(({ file }) => file.endsWith(`/${kind}/${id}.yaml`)).map(problemText);
  const missing =
    own.length === 0 ? [] : ['As it stands, the check says:', ...own.map((problem) => `  ${problem}`), ''];
  const lacking = own.flatMap((problem) => {
    const [, what, name] = /unknown (placement|offer) "(.+?)"/.exec(problem) ?? [];
    return what === undefined ? [] : [`First: usher new ${what}s ${name} --dir ${dir}`];
  });
  const steps = [
    ...lacking,
    ...NEXT[kind],
    `Then: usher check ${dir}${kind === 'policies' ? '' : `, and usher test ${dir}`}`,
  ];
  return [...missing, ...steps.map((step) => `  ${step}`)];
}

const DRAFT = 'It is a draft: take the line "status: draft" away when it is ready.';
const NEXT: Readonly<Record<Kind, readonly string[]>> = {
  placements: ['Say what it is called and how many offers it shows; rules name it under "placements".'],
  offers: ['Write what it says under "treatments"; a rule puts it forward: usher new contextual NAME.', DRAFT],
  segments: ['Change the conditions; rules name it as { "condition": … }.'],
  proactive: [
    'Change the conditions, and the offer that it puts forward.',
    DRAFT,
    'Tell a story about it, too: usher new cases NAME.',
  ],
  contextual: [
    'Change the conditions, and the offer that it puts forward.',
    DRAFT,
    'Tell a story about it, too: usher new cases NAME.',
  ],
  policies: ['Name the purposes; offers name theirs under "consent".'],
  cases: ['Tell who it is and what they did, and change what is expected.'],
};
