import { describe, expect, test } from '@jest/globals';
import { remembered } from './remembered.js';

describe('remembered', () => {
  test('asks once for each text, also where nothing was found', () => {
    const asked: string[] = [];
    const find = remembered((text) => {
      asked.push(text);
      return text === 'none' ? undefined : text.length;
    });
    expect(['a', 'none', 'bb', 'none', 'a', 'toString'].map(find)).toEqual([1, undefined, 2, undefined, 1, 8]);
    expect(asked).toEqual(['a', 'none', 'bb', 'toString']);
  });

  test('says the same when it has forgotten', () => {
    const find = remembered((text) => text.length);
    const texts = Array.from({ length: 5_000 }, (_, at) => `text ${at}`);
    for (const round of [texts, texts]) expect(round.map(find)).toEqual(texts.map(({ length }) => length));
    const long = 'x'.repeat(5_000);
    expect([find(long), find(long)]).toEqual([5_000, 5_000]);
  });
});
