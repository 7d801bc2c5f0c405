import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { StoreUnavailable } from '../errors.js';
import { answerProblem } from './problem-filter.js';

const lines: string[] = [];
const keep = (line: unknown): void => void lines.push(String(line));

beforeEach(() => {
  lines.length = 0;
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
});
afterEach(() => Logger.overrideLogger(['log', 'warn', 'error']));

test('failures are all answered, and told in a line for each kind, with the stack of what nobody foresaw', async () => {
  const app = fastify();
  app.setErrorHandler(answerProblem);
  app.get('/outage', () => Promise.reject(new StoreUnavailable('it is away')));
  app.get('/mistake', () => Promise.reject(new TypeError('x is not a function')));
  const statuses = new Set<number>();
  for (let n = 0; n < 50; n++) {
    statuses.add((await app.inject('/outage')).statusCode);
    statuses.add((await app.inject('/mistake')).statusCode);
  }
  await app.close();
  expect([...statuses]).toEqual([503, 500]);
  expect(lines).toEqual([
    expect.stringMatching(/^The store does not answer \(it is away\)\. .*$/),
    expect.stringMatching(/^Something went wrong that should not\..*\nTypeError: x is not a function\n +at /),
  ]);
});
