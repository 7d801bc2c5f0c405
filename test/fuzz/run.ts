/**
 * Searches for rules and facts, or events of people, over which what was built errs: `npm run fuzz -- --runs 50000`.
 * The seed is printed, and with it (`--seed`) the same cases are tried again; `--only` takes a part of a property's
 * name.
 */
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { parseArgs } from 'node:util';
import { millionEvents } from './kept-events.ts';
import type { Product, Proofs, Visitors } from './product.ts';
import { emptyTally, properties, type Property, type Tally } from './properties.ts';

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly only: string;
  readonly path: string | undefined;
}

const PROGRESS_MS = 5_000;

// Each split would be a line of the log.
Logger.overrideLogger(false);
const options = readOptions();
console.log(`seed ${options.seed}, ${options.runs} runs`);
const product = await loadProduct();
const failed: string[] = [];
for (const property of [...properties, millionEvents].filter(({ name }) => name.includes(options.only))) {
  if (!(await holds(property))) failed.push(property.name);
}
console.log(failed.length === 0 ? 'no difference' : `${failed.length} of the properties do not hold`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function holds(property: Property): Promise<boolean> {
  const tally = emptyTally();
  const numRuns = Math.max(1, Math.round(options.runs / property.weight));
  const started = performance.now();
  const progress = startProgress(property.name, numRuns);
  const { seed, path } = options;
  const raw = property.check(product, tally);
  const counted = Object.assign(Object.create(raw) as typeof raw, {
    run: (value: unknown) => (progress(), raw.run(value)),
  });
  const details = await fc.check(counted, { numRuns, seed, ...(path !== undefined && { path }) });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${details.failed ? 'FAILS' : 'holds'}  ${property.name}: ${details.numRuns} runs in ${seconds} s${inWords(tally)}`,
  );
  if (details.failed)
    console.log(
      `${fc.defaultReportMessage(details) ?? ''}\n${String(details.errorInstance)}\n` +
        `${replay(property, details.counterexamplePath)}`,
    );
  return !details.failed;
}

/** To be called at every run. A timer would never get its turn: nothing here waits for anything but promises. */
function startProgress(name: string, total: number): () => void {
  let [done, next] = [0, performance.now() + PROGRESS_MS];
  return () => {
    done++;
    if (performance.now() < next) return;
    console.log(`       ${name}: ${done} of ${total}`);
    next = performance.now() + PROGRESS_MS;
  };
}

function inWords({ compared, threw, failures, asked, candidates, held, claims }: Tally): string {
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  return [
    ...(compared > 0 ? [`; json-rules-engine threw in ${share(threw, compared)} of ${compared} answers`] : []),
    ...[...failures].map(([kind, times]) => `, ${times} times over ${kind}`),
    ...(asked > 0 ? [`; ${share(candidates, asked)} of the rules were candidates, ${share(held, asked)} held`] : []),
    ...(claims > 0 ? [`; ${claims} claims`] : []),
  ].join('');
}

function replay({ name }: Property, path: string | null): string {
  const { runs, seed } = options;
  return (
    `Again, from its smallest form: npm run fuzz -- --runs ${runs} --seed ${seed} --only ` +
    `'${name}'${path === null ? '' : ` --path ${path}`}`
  );
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      path: { type: 'string' },
    },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))];
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed))
    throw new Error('--runs and --seed are whole numbers');
  return { runs, seed, only: values.only, path: values.path };
}

async function loadProduct(): Promise<Product> {
  const matching = await Promise.all(
    [
      'engine/match/matcher',
      'engine/match/matcher-builder',
      'engine/match/compile-rules',
      'engine/match/path',
      'engine/match/own-operators',
      'engine/values/time-comparisons',
      'rulebook/check/reference-match',
    ].map(built),
  );
  const visitors = await Promise.all(
    [
      'memory/memory',
      'memory/counters',
      'documents/codec',
      'writing/find-document',
      'writing/write-round',
      'behind/glances',
      'writing/corrupt-documents',
      'visitors.service',
      'care/visitor-splitter',
      'care/visitor-eraser',
      '../stores/personal/personal-records-list',
    ].map((name) => built(`visitors/${name}`)),
  );
  const proofs = await Promise.all(
    [
      'proofs/prove',
      'engine/compile',
      'engine/decide',
      'engine/decision-run',
      'engine/visitor/visitor',
      'rulebook/templates/templates',
      'rulebook/read/instant',
    ].map(built),
  );
  return Object.assign(
    { visitors: Object.assign({}, ...visitors) as Visitors, proofs: Object.assign({}, ...proofs) as Proofs },
    ...matching,
  ) as Product;
}

/** A module of the product as it ships. By a name made here, as the compiler must not look for types beside it. */
function built(name: string): Promise<object> {
  return import(new URL(`../../dist/${name}.js`, import.meta.url).href) as Promise<object>;
}
