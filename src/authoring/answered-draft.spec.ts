import { expect, test } from '@jest/globals';
import { CheckTooCostly } from '../errors.js';
import type { Draft } from '../stores/draft-store.js';
import { answeredDraft } from './answered-draft.js';

const draft: Draft = {
  ...{ id: 'a', revision: 1, base: 1, author: 'Zoë', who: 'local', message: '', fileCount: 0, files: {} },
  ...{ via: 'api', createdAt: 0, changedAt: 0 },
};

test('a draft that is kept is answered with why it could not be checked', async () => {
  const costly = Promise.reject(new CheckTooCostly('100 ms', { what: 'reading', file: 'offers/a.json' }));
  const answered = await answeredDraft({ draft }, costly);
  expect(answered).toMatchObject({ id: 'a', unchecked: { code: 'CHECK_TOO_COSTLY' } });
  expect(answered).not.toHaveProperty('check');
});

test('a mistake of ours is not told as if it were the draft’s', async () => {
  await expect(answeredDraft({ draft }, Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
});
