import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import { KINDS } from './rule-file.js';
import { readYaml } from './read-yaml.js';
import { readJson } from './read-json.js';
import { SAMPLE } from './sample-rules.contract.js';
import { schemaOf } from './schema-of.js';

describe('the schemas', () => {
  test('are what the types say', () => {
    const script = fileURLToPath(new URL('../../test/schemas.mjs', import.meta.url));
    expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toContain('schemas/ is what');
  });

  test.each(KINDS)('of %s take the sample, as an editor would', (kind) => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(schemaOf(kind));
    const files = Object.entries(SAMPLE).filter(([path]) => path.startsWith(`${kind}/`));
    expect(files.length).toBeGreaterThan(0);
    for (const [path, text] of files) {
      const { root } = path.endsWith('.yaml') ? readYaml(text) : readJson(text);
      expect([path, validate(root?.value), validate.errors]).toEqual([path, true, null]);
    }
  });

  test('carry the descriptions of the types', () => {
    expect(JSON.stringify(schemaOf('offers'))).toContain('What can be shown or done');
  });
});
