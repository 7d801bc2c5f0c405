import { until } from '../until.ts';
import { activate, ask, markedRules, publish } from './releases.ts';
import { Town } from './town.ts';

/**
 * The store is stopped, and the service is started anew: throws unless it serves the last good release from its disk,
 * and says that it knows nobody.
 */
export async function checkAway(dist: string): Promise<string> {
  const town = new Town(dist);
  await town.open('Redis', markedRules('first'));
  try {
    const before = await town.start('a');
    await activate(before.url, await publish(before.url, markedRules('second')));
    while ((await ask(before.url, 'anybody')).version !== 2);
    await town.redis.kill();
    await before.kill();
    const after = await town.start('a');
    const { version, titles, served } = await ask(after.url, 'anybody');
    if (version !== 2 || titles.some((title) => title !== 'second') || served !== 'context-only')
      throw new Error(`release ${version} answers ${titles.join(' and ')}, served ${served}`);
    await town.redis.restart();
    await until('the service to find Redis again', async () => (await ask(after.url, 'anybody')).served === 'full');
    return (
      'the store stopped: started anew, the service answers by the last good release from its disk, ' +
      'served "context-only", and "full" when the store is back'
    );
  } finally {
    await town.close();
  }
}
