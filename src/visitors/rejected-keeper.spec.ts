import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { StoreUnavailable } from '../errors.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteRejectedEvents } from '../stores/sqlite/sqlite-rejected-events.js';
import type { RejectedEvent } from '../stores/rejected-events.js';
import { RejectedKeeper } from './rejected-keeper.js';

/** Does what it is told to before it keeps anything. */
class TroubledList extends SqliteRejectedEvents {
  before: () => Promise<void> = async () => undefined;

  override async append(events: readonly RejectedEvent[]): Promise<void> {
    await this.before();
    await super.append(events);
  }
}

describe('the keeper of refused events', () => {
  let list: TroubledList;
  let keeper: RejectedKeeper;
  beforeEach(() => {
    Logger.overrideLogger(false);
    list = new TroubledList(SqliteDatabase.open(':memory:'), { keep: 100, keepDays: 0 });
    keeper = new RejectedKeeper(list);
  });

  const keep = (count = 1) =>
    keeper.keep(
      Array.from({ length: count }, () => ({ raw: {}, problems: [{ path: '', message: 'is bad' }] })),
      { agent: undefined, channel: 'server', receivedAt: 0 },
    );
  const kept = async () => (await list.page(100)).length;

  test('waits for a list that has answered, and for none that has failed until it answers', async () => {
    await keep();
    expect(await kept()).toBe(1);
    list.before = () => Promise.reject(new StoreUnavailable('it is away'));
    await keep();
    const { promise: silence, resolve: speak } = Promise.withResolvers<void>();
    list.before = () => silence;
    await keep();
    expect(await kept()).toBe(1);
    speak();
    await silence;
    while ((await kept()) < 2);
    list.before = async () => undefined;
    await keep();
    expect(await kept()).toBe(3);
  });

  test('has no more wait for a list that does not answer than it may', async () => {
    const { promise: silence, resolve: speak } = Promise.withResolvers<void>();
    list.before = () => silence;
    const waits = keep(10_000);
    // Otherwise it would wait as well.
    await keep();
    speak();
    await waits;
    expect(await kept()).toBe(100);
  });
});
