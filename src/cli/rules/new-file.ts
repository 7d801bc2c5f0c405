import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { decide } from '../../engine/decide.js';
import type { Definition } from '../../engine/language/definitions.js';
import { CommandFailed } from '../../errors.js';
import { caseRuns } from '../../rulebook/cases/case-runs.js';
import type { KindDeclaration, StartingNames } from '../../rulebook/kinds/kind-declaration.js';
import { kinds, ruleFolders } from '../../rulebook/kinds/kinds.js';
import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import { readRules } from '../../rulebook/kinds/read-rules.js';
import { isLive, POLICIES, type Kind, type RuleFile } from '../../rulebook/read/rule-file.js';
import { problemText } from '../../rulebook/read/rule-problem.js';
import { suggest } from '../../rulebook/read/suggest.js';
import { hasTreatmentFor } from '../../rulebook/templates/treatment-lookup.js';
import { schemaNextTo } from './write-schemas.js';

/** `usher new KIND NAME`: writes a commented starting file and says what to do next; gives the exit code. */
export function newFile(kindText: string, id: string, { dir }: { dir: string }, print: (text: string) => void): number {
  const kind = kindFor(kindText, id);
  const taken = takenBy(dir, kind, id);
  if (taken !== undefined)
    throw new CommandFailed(
      `${taken} is there already, and is left as it is. Choose another name, or change that file.`,
    );
  const file = join(dir, kind.folder, `${id}.yaml`);
  const text = `${schemaLine(dir, kind)}${kind.starting(namesFor(dir, kind, id)).trim()}\n`;
  write(dir, kind, file, text);
  print([`${styleText('green', '✓')} ${file}`, '', ...nextSteps(dir, kind, id)].join('\n'));
  return 0;
}

/** The kind that is meant, by its name, its folder or what one of them is called, where that is no other's. */
function kindFor(text: string, id: string): KindDeclaration {
  const meant = [named(({ folder }) => folder), named(({ name }) => name), named(({ one }) => one)]
    .map((of) => of(text))
    .find((found) => found.length > 0 && (found.length === 1 || found.every(({ file }) => file !== undefined)));
  if (!meant) {
    const near = suggest(text, ruleFolders);
    throw new CommandFailed(
      `"${text}" is no kind of rule file${near === undefined ? '' : `; did you mean "${near}"?`}\n` +
        `The kinds are ${ruleFolders.join(', ')}.`,
    );
  }
  refuseBadName(id);
  const kind = meant.find(({ file }) => file === undefined || file === id);
  if (kind) return kind;
  const commands = kinds
    .filter(({ folder }) => folder === meant[0]?.folder)
    .map((one) => `usher new ${one.folder} ${one.file}`);
  throw new CommandFailed(
    commands.length === 1
      ? `The only ${meant[0]?.one} so far is about ${meant[0]?.file}: ${commands[0]}.`
      : `There is no such ${meant[0]?.one}; those that there are: ${commands.join(', ')}.`,
  );
}

function named(of: (kind: KindDeclaration) => string): (text: string) => readonly KindDeclaration[] {
  return (text) => kinds.filter((kind) => of(kind) === text);
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

function refuseBadName(id: string): void {
  if (!NAME.test(id))
    throw new CommandFailed(
      `"${id}" can't be the name of a rule file. Use letters, digits, ".", "_" and "-" only, ` +
        'without an ending such as .json.',
    );
  if (/\.(json|yaml|yml)$/.test(id))
    throw new CommandFailed(`Give the name without its ending: ${id.replace(/\.\w+$/, '')}.`);
}

/** What is gathered together shares one set of ids, and some disks don't tell capitals apart. */
function takenBy(dir: string, kind: KindDeclaration, id: string): string | undefined {
  const files = kinds
    .filter(({ into }) => into === kind.into)
    .map(({ folder }) => join(dir, folder))
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []));
  return files.find((file) => /([^/\\]+)\.(json|yaml|yml)$/.exec(file)?.[1]?.toLowerCase() === id.toLowerCase());
}

function write(dir: string, kind: KindDeclaration, file: string, text: string): void {
  try {
    mkdirSync(join(dir, kind.folder), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw new CommandFailed(
      `${file} can't be written (${String((error as NodeJS.ErrnoException).code)}). Name another folder with --dir.`,
    );
  }
}

/** Editors with the YAML language server find the schema by this line. */
function schemaLine(dir: string, kind: KindDeclaration): string {
  const found = schemaNextTo(dir, kind.name);
  return found === undefined ? '' : `# yaml-language-server: $schema=${found}\n`;
}

function namesFor(dir: string, kind: KindDeclaration, id: string): StartingNames {
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
    purpose: [...(of(POLICIES)[0]?.root?.get('purposes')?.members.keys() ?? [])][0],
    shown: kind.into === 'cases' && files.length > 0 ? shownToday(dir, placement, today) : [],
  };
}

/**
 * An offer that looks like something anywhere; best one that the contact policy does not hold back, then one that other
 * placements fall back on.
 */
function fallbackOf(placements: readonly RuleFile[], offers: readonly RuleFile[]): string | undefined {
  const anywhere = offers.filter((offer) => isLive(offer) && offer.root?.get('treatments', '*'));
  const used = new Set(placements.map(({ root }) => root?.get('fallback')?.text));
  const inOrder = anywhere.toSorted((a, b) => Number(used.has(b.id)) - Number(used.has(a.id)));
  return (inOrder.find(({ root }) => root?.get('transactional')?.value === true) ?? inOrder[0])?.id;
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

/** What a stranger is shown, so that the case begins as one that passes. */
function shownToday(dir: string, placement: string, today: string): string[] {
  const { rulebook, definitions } = loadRulebook(dir);
  if (!rulebook) return [];
  const written: Definition<'cases'> = {
    name: '',
    request: { placements: [placement] },
    now: `${today}T09:00:00Z`,
    expect: {},
  };
  const [run] = caseRuns({ ...definitions, cases: new Map([['new', written]]) }, rulebook);
  return run ? decide(run.input).flatMap(({ items }) => items.map(({ offer }) => offer)) : [];
}

function nextSteps(dir: string, kind: KindDeclaration, id: string): string[] {
  const { problems } = loadRulebook(dir);
  const own = problems.filter(({ file }) => file.endsWith(`/${kind.folder}/${id}.yaml`)).map(problemText);
  const missing =
    own.length === 0 ? [] : ['As it stands, the check says:', ...own.map((problem) => `  ${problem}`), ''];
  const lacking = own.flatMap((problem) => {
    const [, what, name] = /unknown (placement|offer) "(.+?)"/.exec(problem) ?? [];
    return what === undefined ? [] : [`First: usher new ${what}s ${name} --dir ${dir}`];
  });
  const steps = [
    ...lacking,
    ...kind.next,
    `Then: usher check ${dir}${kind.hasNoCases ? '' : `, and usher test ${dir}`}`,
  ];
  return [...missing, ...steps.map((step) => `  ${step}`)];
}
