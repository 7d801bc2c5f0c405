import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { kinds } from '../../rulebook/kinds/kinds.js';
import { withSchemas } from './vscode-settings.js';
import { writeSchemas } from './write-schemas.js';

const KINDS = kinds.map(({ name }) => name);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'usher-rules-'));
  mkdirSync(join(dir, 'offers'));
  writeFileSync(
    join(dir, 'offers', 'welcome.json'),
    '{ "$schema": "../../schemas/offers.json", "name": "Welcome", "group": "hellos", "treatments": { "*": ' +
      '{ "content": {} } } }',
  );
});
afterEach(() => rmSync(dir, { recursive: true }));

function run(at = dir): string {
  const printed: string[] = [];
  expect(writeSchemas(at, {}, (text) => printed.push(stripVTControlCharacters(text)))).toBe(0);
  return printed.join('\n');
}

describe('usher schemas', () => {
  test('writes a schema for each kind, with the names that are there', () => {
    expect(run()).toContain(
      `${KINDS.length} schemas written, with 1 offer, 0 segments, 0 placements, 1 group and 0 purposes`,
    );
    expect(readdirSync(join(dir, '.schemas')).sort()).toEqual(KINDS.map((kind) => `${kind}.json`).sort());
    const { definitions } = JSON.parse(readFileSync(join(dir, '.schemas/contextual.json'), 'utf8')) as {
      definitions: Record<string, unknown>;
    };
    expect(definitions['OfferId']).toMatchObject({ enum: ['welcome'] });
  });

  test('writes only what has changed, so that who watches the folder is not woken', () => {
    run();
    expect(run()).toContain('all is as it was');
    writeFileSync(join(dir, 'offers', 'other.yaml'), 'name: Other\ntreatments: { "*": { content: {} } }\n');
    expect(run()).toMatch(/[1-9] schemas written, with 2 offers/);
  });

  test('says which files name another schema, by which editors would go', () => {
    expect(run()).toContain(
      '1 file names another "$schema", and editors go by that. It would be "../.schemas/<folder>.json".',
    );
  });

  test('refuses a folder that is not there', () => {
    expect(() => run(join(dir, 'nowhere'))).toThrow('There is no folder');
    expect(existsSync(join(dir, 'nowhere'))).toBe(false);
  });
});

describe('the settings of VS Code', () => {
  test('get the schemas, once, and keep what else there is', () => {
    const known = {
      'editor.tabSize': 2,
      'json.schemas': [{ fileMatch: ['x.json'], url: './x.json' }],
      'yaml.schemas': { './y.json': 'y.yaml' },
    };
    const once = withSchemas(known, 'my/rules');
    expect(once).toMatchObject({
      'editor.tabSize': 2,
      'yaml.schemas': {
        './y.json': 'y.yaml',
        './my/rules/.schemas/offers.json': ['/my/rules/offers/*.yaml', '/my/rules/offers/*.yml'],
      },
    });
    expect(once['json.schemas']).toHaveLength(1 + KINDS.length);
    expect(once['json.schemas']).toContainEqual({
      fileMatch: ['/my/rules/cases/*.json'],
      url: './my/rules/.schemas/cases.json',
    });
    expect(withSchemas(once, 'my/rules')).toEqual(once);
  });
});
