import { until } from '../until.ts';
import { beside, Floor, post, startWatched, tellCost, type WatchedProcess } from './beside.ts';
import { Deployment } from './deployment.ts';
import { activate, ask, markedRules, publish } from './releases.ts';

/**
 * Rule files that are made to hold the service, and such that are only as large as may be: throws unless the former are
 * refused, the latter serve on a replica that only follows, and all decisions of a bystander are made in full on both.
 */
export async function checkHostileRelease(dist: string, files: number): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('Redis', markedRules('mark'));
  const floor = await Floor.start(deployment);
  try {
    const first = await startWatched(deployment, 'a');
    const follower = await startWatched(deployment, 'b');
    const lines: string[] = [];
    for (const [what, more] of Object.entries(HOSTILE))
      lines.push(tellCost(what, await beside(first, floor, () => refused(first, more))));
    const large = {
      ...Object.fromEntries(Array.from({ length: files }, (_one, at) => [`offers/o-${at}.json`, offerOf(at)])),
      'offers/html.json': html({ t: `${'<!-- -->{{ now }}'.repeat(900)}` }),
    };
    lines.push(
      tellCost(
        `a release of ${files + 5} files where it is published`,
        await beside(first, floor, () => publish(first.url, { ...markedRules('large'), ...large })),
      ),
      tellCost(
        'the same where it is followed',
        await beside(follower, floor, async () => {
          await activate(first.url, 2);
          await until('it to serve there', async () => (await ask(follower.url, 'anybody')).version === 2);
        }),
      ),
    );
    return ['Redis, two replicas: hostile and large releases', ...lines].join('\n');
  } finally {
    await floor.stop();
    await deployment.close();
  }
}

const offer = (content: unknown) => JSON.stringify({ name: 'Hostile', treatments: { '*': { content } } });
/** Small, and looked through again and again: where a text goes into HTML is a matter of all that comes before. */
const html = (content: unknown) => JSON.stringify({ name: 'HTML', treatments: { '*': { as: 'html', content } } });
const offerOf = (at: number) => offer({ title: `${at} {{ profile.name | upcase }}`, text: 'x'.repeat(400) });
const times = (count: number, text: string) =>
  Object.fromEntries(Array.from({ length: count }, (_one, at) => [`t${at}`, text]));
const LOOPS = '{% for a in (1..100) %}{% for b in (1..200) %}x{% endfor %}{% endfor %}';

/** What is refused, by what it is. */
const HOSTILE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a megabyte of YAML names': {
    'offers/a.yaml': Array.from({ length: 90_000 }, (_one, at) => `k${at}: 1`).join('\n'),
  },
  'YAML of 400,000 levels': { 'offers/a.yaml': `a: ${'['.repeat(400_000)}` },
  'a template of 900 kB': { 'offers/a.json': offer({ t: '{{ profile.a }}'.repeat(60_000) }) },
  'a hundred texts that loop': { 'offers/a.json': offer(times(100, LOOPS)) },
  '40 MB of rule files': Object.fromEntries(
    Array.from({ length: 42 }, (_one, at) => [`offers/a${at}.json`, offer({ t: '{{ profile.a }'.repeat(60_000) })]),
  ),
};

async function refused({ url }: WatchedProcess, more: Readonly<Record<string, string>>): Promise<void> {
  const body = { files: { ...markedRules('hostile'), ...more }, message: 'hostile' };
  const { status, text } = await post(url, '/v1/rulebook/releases', body);
  if (status !== 422) throw new Error(`a hostile release is answered ${status}: ${text.slice(0, 200)}`);
}
