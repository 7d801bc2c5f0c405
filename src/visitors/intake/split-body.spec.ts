import { expect, test } from '@jest/globals';
import { InvalidRequest } from '../../errors.js';
import { readSplitBody } from './split-body.js';

const pathsOf = (body: unknown): readonly string[] => {
  try {
    readSplitBody(body);
    return [];
  } catch (error) {
    return error instanceof InvalidRequest ? error.problems.map(({ path }) => path) : ['?'];
  }
};

test('a split without a body, or without an id, is of the id in the address', () => {
  for (const body of [undefined, null, {}]) expect(readSplitBody(body)).toMatchObject({ dryRun: false });
  expect(readSplitBody({ id: ' device-1 ', dryRun: true })).toEqual({ id: 'device-1', dryRun: true });
  expect(readSplitBody({ id: 7 })).toEqual({ id: '7', dryRun: false });
});

test.each([
  ['a list', [], ['']],
  ['a text', 'device-1', ['']],
  ['an id that is none', { id: 'a\u0000b' }, ['id']],
  ['a flag that is none', { dryRun: 1 }, ['dryRun']],
  ['another member', { ids: ['device-1'] }, ['ids']],
])('%s is refused', (_what, body, paths) => {
  expect(pathsOf(body)).toEqual(paths);
});
