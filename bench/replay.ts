/**
 * `npm run bench:replay`: how fast recorded decisions are made again, by the release that made them and by other rules,
 * and that exactly the planted changes are found. See `bench/README.md`. The last line is JSON.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ReplayReport } from '../src/replay/replay-report.js';
import { startRedis } from '../test/redis-server.ts';
import { startUsher } from '../test/acceptance/usher-process.ts';
import { machineInWords } from './machine.ts';
import { rounded } from './numbers.ts';
import { invent, type Person } from './people.ts';
import { preload } from './preload.ts';
import { measureCommand, type MeasuredCommand } from './measure-command.ts';
import { requestBodies, ask } from './requests.ts';
import { writeRuleFolder } from './rule-folder.ts';
import { Stage } from './stage.ts';
import { textTable } from './text-table.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    decisions: { type: 'string', default: '50000' },
    rules: { type: 'string', default: '1000' },
    visitors: { type: 'string', default: '2000' },
    interactions: { type: 'string', default: '100' },
  },
});
/** One decision of so many comes with an event, so that the next of that visitor is made from another document. */
const EVENT_EVERY = 5;
const CONNECTIONS = 32;

const decisions = Number(values.decisions);
const stage = new Stage();

await stage.run(bench);

async function bench(): Promise<void> {
  const folder = await stage.folder('usher-replay-bench-');
  const [rules, dataDir, now] = [join(folder, 'rules'), join(folder, 'data'), Date.now()];
  await mkdir(dataDir);
  const people = invent({ people: Number(values.visitors), deeds: Number(values.interactions), now, attributes: true });
  await writeRuleFolder(rules, Number(values.rules), { people, now });
  const redisUrl = values.store === 'redis' ? stage.keep(await startRedis()).url : undefined;
  await preload({ redisUrl, dataDir }, people, now);
  const settings = {
    USHER_RULES: rules,
    USHER_DATA: dataDir,
    USHER_RECORD_SHARE: '1',
    USHER_KEEP_RECORDED: values.decisions,
    USHER_DEADLINE_MS: '5000',
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  };
  const usher = stage.keep(await startUsher(settings, [], ['--watch']));
  const wins = await decideAll(usher.url, people);
  const [, dropped = '0'] =
    /^usher_inputs_unrecorded_total\S* (\d+)/m.exec(await (await fetch(`${usher.url}/metrics`)).text()) ?? [];
  if (dropped !== '0') throw new Error(`${dropped} decisions were made faster than they could be recorded`);
  const [planted = ''] = [...wins].sort(([, a], [, b]) => b - a).map(([rule]) => rule);
  await cp(rules, join(folder, 'changed'), { recursive: true });
  await rm(join(folder, 'changed', 'contextual', `${planted}.json`));

  const replayed = async (against: string | undefined) =>
    measureCommand([
      'replay',
      '--json',
      '--url',
      usher.url,
      '--since',
      '1d',
      ...(against === undefined ? [] : ['--against', against]),
    ]);
  const runs = {
    'its own release': await replayed(undefined),
    'the same rules': await replayed(rules),
    'one rule less': await replayed(join(folder, 'changed')),
  };
  tell(runs, wins.get(planted) ?? 0);
}

/** Gives in how many decisions each rule won. */
async function decideAll(url: string, people: readonly Person[]): Promise<Map<string, number>> {
  const bodies = requestBodies(people, true);
  const wins = new Map<string, number>();
  let sent = 0;
  const sender = async () => {
    while (sent < decisions) {
      const at = sent++;
      const answer = JSON.parse(await ask(url, withEvent(bodies[at % bodies.length] ?? '', at))) as {
        decisions: { items: { rule?: string }[] }[];
      };
      const rules = new Set(answer.decisions.flatMap(({ items }) => items.flatMap(({ rule }) => rule ?? [])));
      for (const rule of rules) wins.set(rule, (wins.get(rule) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  return wins;
}

function withEvent(body: string, at: number): string {
  if (at % EVENT_EVERY !== 0) return body;
  return JSON.stringify({
    ...(JSON.parse(body) as object),
    events: [
      {
        type: 'track',
        event: 'Page Viewed',
        properties: { url: `https://hearthway.example/${at}` },
        messageId: `bench-${at}`,
      },
    ],
  });
}

function tell(runs: Readonly<Record<string, MeasuredCommand>>, planted: number): void {
  const rows = Object.entries(runs).map(([against, { seconds, cpuSeconds, peakMb, stdout }]) => {
    const report = JSON.parse(stdout) as ReplayReport;
    if (report.decisions !== decisions)
      throw new Error(
        `${report.decisions} of ${decisions} decisions were made again: ${JSON.stringify(report.leftOut)}`,
      );
    const changed = (report.against?.changed ?? 0) + (report.against?.otherReasons ?? 0);
    return {
      against,
      seconds: rounded(seconds),
      perSecond: Math.round(report.decisions / report.seconds),
      cpuSeconds: rounded(cpuSeconds),
      peakMb: Math.round(peakMb),
      different: report.different,
      changed,
    };
  });
  const expected = [0, 0, planted];
  for (const [at, { different, changed }] of rows.entries())
    if (different !== 0 || changed !== expected[at])
      throw new Error(`${changed} changes where ${expected[at]} were planted, ${different} differences`);
  console.log(
    `${machineInWords()}; ${values.store}, ${decisions} decisions, ${values.rules} rules, ` +
      `${values.visitors} visitors of ${values.interactions} interactions`,
  );
  const head = ['against', 'seconds', 'decisions/s', 'cpu seconds', 'peak MB', 'different', 'changed', 'planted'];
  console.log(
    textTable(
      [
        head,
        ...rows.map((row, at) => [
          row.against,
          ...[row.seconds, row.perSecond, row.cpuSeconds, row.peakMb, row.different, row.changed, expected[at]].map(
            String,
          ),
        ]),
      ],
      1,
    ),
  );
  console.log(JSON.stringify({ bench: 'replay', rows }));
}
