/**
 * `npm run bench:swap`: what requests feel while a large rulebook is read, checked, compiled and swapped in. One
 * service, watching its rules; one of its rule files is saved; requests go on at a constant rate. The last line is
 * JSON.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startUsher } from '../test/acceptance/usher-process.ts';
import { rounded } from './numbers.ts';
import { invent } from './people.ts';
import { preload } from './preload.ts';
import { requestBodies } from './requests.ts';
import { writeRuleFolder } from './rule-folder.ts';
import { Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '100000' },
    /** Requests per second. */
    rate: { type: 'string', default: '300' },
    /** How long the quiet before the swap is measured. */
    seconds: { type: 'string', default: '10' },
    /** How long the swap may take. */
    wait: { type: 'string', default: '300' },
  },
});
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const stage = new Stage();
/** As Linux counts processor time. */
const TICKS_A_SECOND = 100;

interface Phase {
  readonly latencies: number[];
  failed: number;
  version: number;
}

await stage.run(bench);

async function bench(): Promise<void> {
  const folder = await stage.folder('usher-swap-');
  stage.atEnd(() => agent.destroy());
  const now = Date.now();
  const people = invent({ people: 500, deeds: 100, now, attributes: true });
  const bodies = requestBodies(people, true);
  const rules = join(folder, 'rules');
  await writeRuleFolder(rules, Number(values.rules), { people, now });
  await preload({ redisUrl: undefined, dataDir: folder }, people, now);
  const usher = stage.keep(await startUsher({ USHER_RULES: rules, USHER_DATA: folder }, [], ['--watch']));
  await load(usher.url, bodies, () => sleep(3_000));
  const before = await load(usher.url, bodies, () => sleep(Number(values.seconds) * 1_000));
  const startedAt = performance.now();
  const cpuBefore = cpuSeconds(usher.pid);
  const during = await load(usher.url, bodies, async (phase) => {
    const file = join(rules, 'contextual', 'rule-7.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('Rule 7', 'Rule seven'));
    while (phase.version < 2 && performance.now() - startedAt < Number(values.wait) * 1_000) await sleep(20);
  });
  const took = { swapSeconds: (performance.now() - startedAt) / 1_000, cpuSeconds: cpuSeconds(usher.pid) - cpuBefore };
  tell(before, during, took);
}

/** The processor time of a process and of those that it has started and seen end, where Linux tells. */
function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
}

/** Sends at a constant rate until `until` resolves, whether or not earlier requests are answered. */
async function load(url: string, bodies: readonly string[], until: (phase: Phase) => Promise<unknown>): Promise<Phase> {
  const phase: Phase = { latencies: [], failed: 0, version: 0 };
  const under: Promise<void>[] = [];
  let sent = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * Number(values.rate);
    for (; sent < due; sent++) under.push(one(url, bodies[sent % bodies.length] ?? '', phase));
  }, 1);
  await until(phase);
  clearInterval(timer);
  await Promise.all(under);
  return phase;
}

async function one(url: string, body: string, phase: Phase): Promise<void> {
  const startedAt = performance.now();
  try {
    const sending = request(`${url}/v1/decisions`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    sending.end(body);
    const [answer] = (await once(sending, 'response')) as [AsyncIterable<Buffer> & { statusCode: number }];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    phase.latencies.push(performance.now() - startedAt);
    if (answer.statusCode !== 200) phase.failed++;
    phase.version = Math.max(
      phase.version,
      (JSON.parse(Buffer.concat(chunks).toString()) as { rulebook: { version: number } }).rulebook.version,
    );
  } catch {
    phase.failed++;
  }
}

function tell(before: Phase, during: Phase, took: { swapSeconds: number; cpuSeconds: number }): void {
  const at = ({ latencies }: Phase, share: number) =>
    latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * share)] ?? NaN;
  const row = (phase: Phase) => ({
    requests: phase.latencies.length,
    failed: phase.failed,
    p50Ms: rounded(at(phase, 0.5)),
    p99Ms: rounded(at(phase, 0.99)),
    maxMs: rounded(at(phase, 0.99999)),
  });
  console.table({ before: row(before), during: row(during) });
  console.log(
    `${values.rules} rules, ${values.rate} requests/s: ` +
      `version ${during.version} was live ${rounded(took.swapSeconds)} s after the save, ` +
      `for ${rounded(took.cpuSeconds)} s of processor time`,
  );
  console.log(
    JSON.stringify({
      bench: 'swap',
      rows: [
        {
          rules: Number(values.rules),
          swapSeconds: rounded(took.swapSeconds),
          cpuSeconds: rounded(took.cpuSeconds),
          p99Ratio: rounded(at(during, 0.99) / at(before, 0.99)),
          before: row(before),
          during: row(during),
        },
      ],
    }),
  );
}
