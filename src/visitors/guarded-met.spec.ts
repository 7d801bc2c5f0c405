import { Logger, type LoggerService } from '@nestjs/common';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { GuardedMet } from './guarded-met.js';

const lines: string[] = [];
const keep = (line: unknown): void => void lines.push(String(line));
const logger: LoggerService = { log: keep, warn: keep, error: keep };

beforeEach(() => {
  lines.length = 0;
  Logger.overrideLogger(logger);
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  Logger.overrideLogger(['log', 'warn', 'error']);
});

test('ids sent by mistake are told at once, then once a minute by door, and not where there were none', () => {
  const met = new GuardedMet();
  met.add('import', 0);
  met.add('tracking', 1);
  for (let n = 0; n < 1_000; n++) met.add('decisions', 1);
  met.add('import', 2);
  const counts = () => lines.splice(0).map((line) => /"undefined": ([^.]*)\./.exec(line)?.[1]);
  expect(counts()).toEqual(['tracking 1']);
  jest.advanceTimersByTime(60_000);
  expect(counts()).toEqual(['decisions 1000, import 2']);
  jest.advanceTimersByTime(600_000);
  expect(counts()).toEqual([]);
  met.add('visitors', 1);
  expect(counts()).toEqual(['visitors 1']);
});
