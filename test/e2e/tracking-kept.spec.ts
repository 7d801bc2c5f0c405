import { expect, test } from '@jest/globals';
import { ago, describeOnBothStores, someone } from './harness.js';

describeOnBothStores('what is accepted is kept', (service) => {
  const counted = async (id: string) => (await service.visitor(id)).counters['Clicked']?.count;

  test.each([
    ['without timestamps', () => ({})],
    ['all of one date', () => ({ timestamp: '2026-11-01' })],
    ['all of one date that is too old to be retained', () => ({ timestamp: '2020-01-01' })],
    ['newest first', (at: number) => ({ timestamp: ago(at, 's') })],
  ])('2,500 new events of one person, %s, count each once, and none is called known', async (_what, when) => {
    const userId = someone();
    const fresh = (name: string, count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...{ type: 'track', userId, event: 'Clicked', messageId: `${userId}-${name}-${at}` },
        ...when(at),
      }));
    const first = fresh('first', 2_500);
    expect(await service.tell(...first)).toMatchObject({ accepted: 2_500, duplicates: 0, refused: [] });
    expect(await service.tell(...fresh('more', 10))).toMatchObject({ accepted: 10, duplicates: 0, refused: [] });
    expect(await service.tell(...first)).toMatchObject({ accepted: 0, duplicates: 2_500, refused: [] });
    expect(await counted(userId)).toBe(2_510);
  });

  test('an event that is too old to be retained is told as accepted and counted only', async () => {
    const userId = someone();
    const told = (timestamp: string) => ({ type: 'track', userId, event: 'Clicked', timestamp, messageId: timestamp });
    const batch = [told(ago(100, 'd')), told(ago(1, 'd')), told(ago(200, 'd'))];
    expect(await service.tell(...batch)).toEqual({
      ...{ success: true, accepted: 3, notRetained: 2, duplicates: 0, refused: [] },
    });
    expect(await service.tell(...batch)).toEqual({ success: true, accepted: 0, duplicates: 3, refused: [] });
    expect([await counted(userId), (await service.visitor(userId)).interactions.length]).toEqual([3, 1]);
    const alone = await service.post('/v1/track', { ...told(ago(300, 'd')), messageId: 'alone' });
    expect(alone.body).toEqual({ success: true, notRetained: true });
  });

  test('an event with neither id nor time is told the id that it got: sent again with it, it counts once', async () => {
    const userId = someone();
    const bare = { type: 'track', userId, event: 'Clicked' };
    const { body } = await service.post('/v1/track', bare);
    expect(body).toEqual({ success: true, messageId: expect.any(String) });
    const batch = [
      { ...bare, messageId: (body as { messageId: string }).messageId },
      { ...bare, timestamp: ago(1, 'h') },
      bare,
      { ...bare, type: 'identify' },
    ];
    const receipt = (await service.tell(...batch)) as { messageIds: readonly { messageId: string }[] };
    expect(receipt).toEqual({
      ...{ success: true, accepted: 3, duplicates: 1, refused: [] },
      messageIds: [{ index: 2, messageId: expect.any(String) }],
    });
    await service.tell({ ...bare, messageId: receipt.messageIds[0]?.messageId });
    expect(await counted(userId)).toBe(3);
  });
});
