import { until } from '../until.ts';
import { activate, ask, markedRules, publish, rollback, send } from './releases.ts';
import { Deployment } from './deployment.ts';

/** Who has this trait gets another offer from the shadow. */
const PLANTED = 137;
const BATCH = 5_000;
/** Of more that wait to be compared some would be skipped. */
const SHADOW_BATCH = 800;

interface ShadowReport {
  readonly compared: number;
  readonly differences: readonly {
    readonly placement: string;
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly count: number;
  }[];
}

/**
 * A canary of 10 % over many visitors: throws unless the share is within half a point, the same visitors are in it on
 * both replicas and after a restart, a rollback takes all of them back at once, and a shadow tells exactly the planted
 * differences.
 */
export async function checkCanary(dist: string, visitors: number): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('Redis', markedRules('live'));
  try {
    const [a, b] = [await deployment.start('a'), await deployment.start('b')];
    await activate(a.url, await publish(a.url, markedRules('canary')), { as: 'canary', share: 10 });
    await untilServed([a.url, b.url], 2);
    const sides = await sidesOf(a.url, visitors);
    const share = (100 * sides.filter((version) => version === 2).length) / visitors;
    if (Math.abs(share - 10) > 0.5) throw new Error(`${share} % of the visitors are in a canary of 10 %`);
    expectSame(sides, await sidesOf(b.url, visitors), 'another replica');
    await a.kill();
    const again = await deployment.start('a');
    expectSame(sides, await sidesOf(again.url, visitors), 'a restart');
    const rolledBackAt = performance.now();
    await rollback(again.url);
    while (new Set(await sidesOf(b.url, 200)).size > 1);
    const rollbackMs = Math.round(performance.now() - rolledBackAt);
    const shadow = await checkShadow(again.url, visitors);
    return (
      `${visitors} visitors: ${share.toFixed(2)} % in a canary of 10 %, ` +
      `the same on two replicas and after a restart; rolled back on both within ${rollbackMs} ms; ${shadow}`
    );
  } finally {
    await deployment.close();
  }
}

async function untilServed(urls: readonly string[], version: number): Promise<void> {
  for (const url of urls)
    await until(`release ${version} at ${url}`, async () => (await sidesOf(url, 200)).includes(version));
}

/** The shadow answers everybody like the live release, but a few. */
async function checkShadow(url: string, visitors: number): Promise<string> {
  const other = { name: 'Other', treatments: { '*': { content: { title: 'other' } } } };
  const few = {
    name: 'The few',
    placements: ['second'],
    priority: 9,
    conditions: { all: [{ fact: 'profile', path: '$.planted', operator: 'equal', value: true }] },
    event: { type: 'offer', params: { offer: 'other' } },
  };
  await Promise.all(Array.from({ length: PLANTED }, (_, at) => identify(url, `planted-${at}`)));
  const version = await publish(url, markedRules('live', { 'offers/other.json': other, 'proactive/few.json': few }));
  await activate(url, version, { as: 'shadow' });
  let report = await reportOf(url, version);
  await until('the shadow to compare', async () => {
    await ask(url, 'visitor-0');
    report = await reportOf(url, version);
    return report.compared > 0;
  });
  const before = report.compared;
  const asked = [
    ...Array.from({ length: PLANTED }, (_, at) => `planted-${at}`),
    ...Array.from({ length: Math.min(visitors, 5_000) }, (_, at) => `visitor-${at}`),
  ];
  for (let at = 0; at < asked.length; at += SHADOW_BATCH) {
    const some = asked.slice(at, at + SHADOW_BATCH);
    await sidesOf(url, some.length, some);
    const wanted = before + 2 * (at + some.length);
    await until(`${wanted} placements to be compared`, async () => {
      report = await reportOf(url, version);
      return report.compared >= wanted;
    });
  }
  const [difference, ...others] = report.differences;
  const isRight =
    others.length === 0 &&
    difference?.count === PLANTED &&
    difference.placement === 'second' &&
    difference.to.join() === 'other' &&
    difference.from.join() === 'marked';
  if (!isRight) throw new Error(`the shadow tells ${JSON.stringify(report)}, and ${PLANTED} visitors were planted`);
  return `a shadow compared ${report.compared} placements and reported the ${PLANTED} planted differences`;
}

async function reportOf(url: string, version: number): Promise<ShadowReport> {
  return (await send(url, 'GET', `releases/${version}/shadow`)) as ShadowReport;
}

async function identify(url: string, userId: string): Promise<void> {
  const response = await fetch(`${url}/v1/identify`, {
    method: 'POST',
    body: JSON.stringify({ userId, traits: { planted: true } }),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`identify answered ${response.status}`);
}

/** The version that answers each visitor. */
async function sidesOf(
  url: string,
  visitors: number,
  ids = Array.from({ length: visitors }, (_, at) => `visitor-${at}`),
): Promise<number[]> {
  const versions: number[] = [];
  for (let at = 0; at < ids.length; at += BATCH) {
    const lines = ids
      .slice(at, at + BATCH)
      .map((visitorId) => JSON.stringify({ visitorId, placements: ['first', 'second'] }));
    const response = await fetch(`${url}/v1/decisions/batch`, {
      method: 'POST',
      body: lines.join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const answers = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { rulebook: { version: number } });
    versions.push(...answers.map(({ rulebook }) => rulebook.version));
  }
  return versions;
}

function expectSame(sides: readonly number[], others: readonly number[], where: string): void {
  const moved = sides.filter((version, at) => version !== others[at]).length;
  if (moved > 0) throw new Error(`${moved} visitors changed sides with ${where}`);
}
