import { until } from '../until.ts';
import { activate, ask, markedRules, publish } from './releases.ts';
import { Deployment } from './deployment.ts';

/**
 * The store is stopped, and the service is started anew: throws unless it serves the last good release from its disk,
 * and says that it knows nobody.
 */
export async function checkAway(dist: string): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('Redis', markedRules('first'));
  try {
    const before = await deployment.start('a');
    await activate(before.url, await publish(before.url, markedRules('second')));
    while ((await ask(before.url, 'anybody')).version !== 2);
    await deployment.redis.kill();
    await before.kill();
    const after = await deployment.start('a');
    const { version, titles, served } = await ask(after.url, 'anybody');
    if (version !== 2 || titles.some((title) => title !== 'second') || served !== 'context-only')
      throw new Error(`release ${version} answers ${titles.join(' and ')}, served ${served}`);
    await deployment.redis.restart();
    await until('the service to find Redis again', async () => (await ask(after.url, 'anybody')).served === 'full');
    return (
      'the store stopped: started anew, the service answers by the last good release from its disk, ' +
      'served "context-only", and "full" when the store is back'
    );
  } finally {
    await deployment.close();
  }
}
