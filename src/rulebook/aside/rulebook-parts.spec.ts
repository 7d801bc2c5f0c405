import { afterAll, describe, expect, test } from '@jest/globals';
import { deserialize, serialize } from 'node:v8';
import { assembleRulebook, compileData } from '../../engine/compile.js';
import { decide } from '../../engine/decide.js';
import { caseRuns } from '../cases/case-runs.js';
import { instant } from '../read/instant.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { PartsReader, toParts, type RulebookPart } from './rulebook-parts.js';
import { removeRules, writeRules } from '../sample-rules.contract.js';
import { renderer } from '../templates/templates.js';

const dir = writeRules({});
afterAll(() => removeRules(dir));

describe('a rulebook that is handed over in parts', () => {
  const { definitions, rulebook } = loadRulebook(dir);

  /** As another process would hand it over: cloned part by part. */
  function handedOver() {
    const reader = new PartsReader();
    for (const part of toParts(compileData(definitions, { instant }), definitions))
      reader.take(deserialize(serialize(part)) as RulebookPart);
    const data = reader.data();
    return (
      data && {
        ...assembleRulebook(data, { version: 1, digest: 'sha256:0', renderer, written: reader.written() }),
        written: reader.written(),
      }
    );
  }

  test('decides every case as the one compiled on the spot, warmed up or not', () => {
    const other = handedOver();
    if (!rulebook || !other) throw new RangeError('the sample rules do not compile');
    const runs = caseRuns(definitions, rulebook);
    expect(runs.length).toBeGreaterThan(0);
    for (const { input } of runs) expect(decide({ ...input, rulebook: other.rulebook })).toEqual(decide(input));
    expect([...other.warmUp()].length).toBeGreaterThan(0);
    for (const { input } of runs) expect(decide({ ...input, rulebook: other.rulebook })).toEqual(decide(input));
  });

  test('still knows its conditions as they are written', () => {
    const written = handedOver()?.written;
    for (const [id, rule] of definitions.rules) expect(written?.rule(id)).toEqual(rule.conditions);
    for (const [id, segment] of definitions.segments) expect(written?.segment(id)).toEqual(segment.conditions);
    expect(written?.rule('nobody')).toBeUndefined();
  });

  test('is not there before its last part', () => {
    expect(new PartsReader().data()).toBeUndefined();
  });
});
