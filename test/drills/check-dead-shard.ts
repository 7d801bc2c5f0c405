import { until } from '../until.ts';
import { beside, decide, Floor, post, startWatched, tellCost } from './beside.ts';
import { Deployment } from './deployment.ts';
import { markedRules } from './releases.ts';

const PEOPLE = 60;

/**
 * A master of a Redis Cluster dies under events and decisions, and comes back: throws unless all others are served as
 * before, with all that was taken in, and all decisions of a bystander of another master are made in full meanwhile.
 */
export async function checkDeadShard(dist: string, rounds: number): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('Cluster', markedRules('mark'));
  const floor = await Floor.start(deployment);
  try {
    const service = await startWatched(deployment, 'a');
    const { url } = service;
    const people = Array.from({ length: PEOPLE }, (_one, at) => `person-${at}`);
    await send(url, people, [200]);
    await send(url, ['bystander'], [200]);
    const keys = await Promise.all(deployment.masters.map((one) => one.ask('KEYS usher:{*}:visitor')));
    const at = keys.findIndex((of) => !of.includes('{bystander}') && of.includes('{person-'));
    const lost = people.filter((id) => keys[at]?.includes(`{${id}}`));
    const living = people.filter((id) => !lost.includes(id));
    const dead = deployment.masters[at];
    const dies = async (): Promise<void> => {
      await dead?.kill();
      for (let round = 0; round < rounds; round++) {
        await Promise.all([send(url, lost, [503]), send(url, living, [200])]);
        await Promise.all(living.map((id) => decide(url, id)));
      }
    };
    const isBack = async (): Promise<void> => {
      await dead?.restart();
      await until('all to be taken in', async () => (await track(url, lost[0] ?? '')) === 200);
      await send(url, people, [200]);
    };
    const lines = [
      tellCost(`dead, with ${lost.length} of ${PEOPLE} people`, await beside(service, floor, dies)),
      tellCost('back again', await beside(service, floor, isBack)),
    ];
    for (const id of living) await expectCount(url, id, rounds + 2);
    return [`Redis Cluster of 3: a master dies, ${rounds} rounds of events and decisions`, ...lines].join('\n');
  } finally {
    await floor.stop();
    await deployment.close();
  }
}

async function send(url: string, people: readonly string[], allowed: readonly number[]): Promise<void> {
  const statuses = await Promise.all(people.map((id) => track(url, id)));
  const wrong = statuses.filter((status) => !allowed.includes(status));
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${people.length} events are answered ${wrong[0]}`);
}

async function track(url: string, userId: string): Promise<number> {
  return (await post(url, '/v1/track', { userId, event: 'Seen' })).status;
}

async function expectCount(url: string, id: string, wanted: number): Promise<void> {
  const { counters } = (await (await fetch(`${url}/v1/visitors/${id}`)).json()) as {
    readonly counters: { readonly Seen?: { readonly count: number } };
  };
  if (counters.Seen?.count !== wanted) throw new Error(`${id} has ${counters.Seen?.count} of ${wanted} events`);
}
