import { describe, expect, test } from '@jest/globals';
import { barText, plainText, Progress } from './progress.js';

describe('progress', () => {
  test('is a bar with share, rows, rate and the time left', () => {
    expect(barText({ rows: 8717, refused: 0, seconds: 0.5, share: 0.5 })).toBe(
      '████████████░░░░░░░░░░░░ 50 %  8,717 rows  17,434 rows/s  0:01 left',
    );
  });

  test('names what was refused', () => {
    expect(barText({ rows: 100, refused: 3, seconds: 1, share: undefined })).toBe('100 rows  100 rows/s  3 refused');
  });

  test('tells no time left before anything can be known', () => {
    expect(barText({ rows: 0, refused: 0, seconds: 0, share: 0 })).toBe(
      '░░░░░░░░░░░░░░░░░░░░░░░░ 0 %  0 rows  0 rows/s',
    );
  });

  test('is a plain line in a log', () => {
    expect(plainText({ rows: 50_000, refused: 0, seconds: 4, share: 0.431 })).toBe('50,000 rows, 12,500 rows/s, 43 %');
  });

  test('is silent for a quick command that writes to a log', () => {
    const written: string[] = [];
    const progress = new Progress({ write: (text) => written.push(text) });
    progress.update({ rows: 1, refused: 0, share: 0.5 });
    progress.clear();
    expect(written).toEqual([]);
  });
});
