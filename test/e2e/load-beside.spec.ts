import { expect, test } from '@jest/globals';
import type * as loadRules from '../../src/rulebook/aside/load-rules.js';
import type * as loadRulebook from '../../src/rulebook/build/load-rulebook.js';
import { importBuilt } from './built.js';
import { SHOP_FILES } from './shop.js';

const { loadBeside } = await importBuilt<typeof loadRules>('./rulebook/aside/load-rules.js');
const { loadRulebook: loadHere } = await importBuilt<typeof loadRulebook>('./rulebook/build/load-rulebook.js');

const textsOf = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, text }));

test('rules loaded beside what serves come out as they do here, several at once, broken ones between', async () => {
  const other = {
    ...SHOP_FILES,
    'offers/other.json': '{ "name": "Other", "treatments": { "*": { "content": { "title": "O" } } } }',
  };
  const broken = { ...SHOP_FILES, 'offers/welcome.json': '{' };
  const sets = [SHOP_FILES, broken, other, SHOP_FILES].map(textsOf);
  const loaded = await Promise.all(sets.map((texts, at) => loadBeside(texts, at)));
  for (const [at, { rulebook, ...found }] of loaded.entries()) {
    const { rulebook: wanted, definitions: _definitions, ...checked } = loadHere(sets[at] ?? [], at);
    expect(found).toMatchObject(checked);
    expect([rulebook?.version, rulebook?.digest]).toEqual([wanted?.version, wanted?.digest]);
  }
  expect(loaded.map(({ rulebook }) => rulebook?.version)).toEqual([0, undefined, 2, 3]);
});
