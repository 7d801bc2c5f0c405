import { setTimeout as sleep } from 'node:timers/promises';
import { activate, ask, markedRules, publish, rollout } from './releases.ts';
import { Deployment } from './deployment.ts';

/**
 * `kill -9` somewhere in the middle of publishing and activating, over and over: throws unless the old release or the
 * new one is live each time, whole.
 */
export async function checkKills(dist: string, store: 'SQLite' | 'Redis', kills: number): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open(store, markedRules('mark 0'));
  let [stayed, changed] = [0, 0];
  try {
    let service = await deployment.start('a');
    for (let kill = 1; kill <= kills; kill++) {
      const before = (await rollout(service.url)).live;
      const { url } = service;
      const changing = publish(url, markedRules(`mark ${kill}`))
        .then((version) => activate(url, version))
        .catch(() => undefined);
      await sleep(Math.random() * 50);
      await service.kill();
      await changing;
      service = await deployment.start('a');
      const after = (await rollout(service.url)).live;
      const { version, titles } = await ask(service.url, 'anybody');
      const isNew = after !== before;
      if (
        after === undefined ||
        version !== after ||
        titles[0] !== titles[1] ||
        (isNew && titles[0] !== `mark ${kill}`)
      ) {
        throw new Error(
          `after kill ${kill} release ${before} or its successor should be live: it is ${after}, ` +
            `and ${version} answers ${titles.join(' and ')}`,
        );
      }
      if (isNew) changed++;
      else stayed++;
    }
    return (
      `${store}: killed ${kills} times in the middle of publishing and activating: ` +
      `${stayed} times the old release was live, ${changed} times the new one`
    );
  } finally {
    await deployment.close();
  }
}
