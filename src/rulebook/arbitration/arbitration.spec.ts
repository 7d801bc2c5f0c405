import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

const CONTENT = '"treatments": { "*": { "content": {} } }';

const RULE = `{ "name": "R", "placements": ["shelf"], "conditions": { "all": [] },
"event": { "type": "offer", "params": { "offer": "camera" } } }`;
const AROUND = {
  'placements/shelf.json': '{ "name": "Shelf", "arbitration": "score" }',
  'placements/hero.json': '{ "name": "Hero" }',
  'offers/camera.json': `{ "name": "C", "group": "shop", ${CONTENT} }`,
  'offers/loan.json': `{ "name": "L", ${CONTENT} }`,
  'segments/pets.json': '{ "name": "Pets", "conditions": { "all": [] } }',
  'contextual/camera.json': RULE,
};

function load(files: Record<string, string>): { problems: string[]; warnings: string[] } {
  const all = Object.entries({ ...AROUND, ...files }).map(([path, text]) => ({ path, text }));
  const { problems, warnings } = loadRulebook(all);
  const effects = warnings.map(problemText).filter((text) => !text.includes('not enforced'));
  return { problems: problems.map(problemText), warnings: effects };
}

const levers = (...list: string[]) => ({
  'policies/levers.json': `{ "name": "Push", "levers": [\n${list.join(',\n')} ] }`,
});

describe('the arbitration of a placement', () => {
  test('is not learned yet', () => {
    expect(load({ 'placements/shelf.json': '{ "name": "S",\n"arbitration": "learned" }' }).problems).toEqual([
      'placements/shelf.json:2:16 arbitration "learned" is not there yet: nothing is learned from outcomes; ' +
        'write "score" or "priority"',
    ]);
  });

  test('needs one factor of the score at least', () => {
    const off = '{ "propensity": false, "weight": false, "value": false, "lever": false }';
    const shelf = (score: string) => ({
      'placements/shelf.json': `{ "name": "S", "arbitration": "score",\n"score": ${score} }`,
    });
    expect(load(shelf(off)).problems).toEqual([
      'placements/shelf.json:2:10 every factor of the score is switched off, so that nothing is left to go by; ' +
        'leave one on, or write "arbitration": "priority"',
    ]);
    expect(load(shelf('{ "propensity": false, "weight": false }')).problems).toEqual([]);
    expect(load(shelf('{ "values": false }')).problems).toEqual([
      'placements/shelf.json:2:12 unknown property "values"; did you mean "value"?',
    ]);
  });

  test('by priority has no score to switch', () => {
    expect(load({ 'placements/hero.json': '{ "name": "H",\n"score": { "value": false } }' }).warnings).toEqual([
      'placements/hero.json:2:1 "score" has no effect: the placement is ordered by priority; ' +
        'write "arbitration": "score"',
    ]);
  });
});

describe('the propensity of an offer', () => {
  const offer = (propensity: string) => ({
    'offers/camera.json': `{ "name": "C", ${CONTENT},\n"propensity": ${propensity} }`,
  });

  test.each(['0', '1', '0.031', '{ "segments": { "pets": 0.2 } }', '{ "segments": { "pets": 1 }, "otherwise": 0.01 }'])(
    'may be %s',
    (propensity) => expect(load(offer(propensity))).toEqual({ problems: [], warnings: [] }),
  );

  test.each([
    ['1.5', '2:15 "propensity" must be a probability from 0 to 1, or { "segments": { … } }; got 1.5'],
    ['"high"', '2:15 "propensity" must be a probability from 0 to 1, or { "segments": { … } }; got "high"'],
    ['{ "segments": { "pest": 0.2 } }', '2:31 unknown segment "pest"; did you mean "pets"?'],
    ['{ "segments": { "pets": -1 } }', '2:39 the propensity in "pets" must be a probability from 0 to 1; got -1'],
    ['{ "segments": {} }', '2:29 "propensity" by segment must name at least one: "segments": { "<segment>": 0.1 }'],
    ['{ "segment": { "pets": 0.2 }, "otherwise": 0 }', '2:17 unknown property "segment"; did you mean "segments"?'],
    [
      '{ "segments": { "pets": 0 }, "otherwise": "low" }',
      '2:57 "otherwise" must be a probability from 0 to 1; got "low"',
    ],
  ])('can not be %s', (propensity, problem) => {
    expect(load(offer(propensity)).problems).toContain(`offers/camera.json:${problem}`);
  });
});

describe('levers', () => {
  test.each([
    '{ "name": "Push", "offers": ["camera"], "factor": 1.5, "schedule": { "from": "2026-12-01" } }',
    '{ "groups": ["shop"], "placements": ["shelf"], "tier": -1 }',
  ])('may be %s', (lever) => expect(load(levers(lever))).toEqual({ problems: [], warnings: [] }));

  test.each([
    ['{ "offers": ["camra"], "factor": 2 }', '2:14 unknown offer "camra"; did you mean "camera"?'],
    ['{ "groups": ["shopp"], "factor": 2 }', '2:14 "shopp" is the group of no offer; did you mean "shop"?'],
    [
      '{ "offers": ["camera"], "placements": ["shlf"], "factor": 2 }',
      '2:40 unknown placement "shlf"; did you mean "shelf"?',
    ],
    [
      '{ "offers": ["camera"], "placements": [], "factor": 2 }',
      '2:39 "placements" is empty; remove it for all of them',
    ],
    ['{ "offers": ["camera"], "factor": 0 }', '2:35 "factor" must be more than 0; got 0'],
    ['{ "offers": ["camera"], "tier": 1.5 }', '2:33 "tier" must be a whole number; got 1.5'],
    ['{ "factor": 2 }', '2:1 the lever moves nothing; add "offers": [ "…" ] or "groups": [ "…" ]'],
    ['{ "offers": ["camera"] }', '2:1 the lever does nothing; add "factor": 1.5 or "tier": 1'],
    [
      '{ "offers": ["camera"], "tier": 1, "schedule": { "from": "2026-02-30" } }',
      '2:58 "2026-02-30" is not a day that exists',
    ],
  ])('can not be %s', (lever, problem) => {
    expect(load(levers(lever)).problems).toEqual([expect.stringContaining(`policies/levers.json:${problem}`)]);
  });

  test('on an offer that no rule puts forward are named', () => {
    expect(load(levers('{ "offers": ["loan"], "factor": 2 }')).warnings).toEqual([
      'policies/levers.json:2:14 the lever moves nothing here: no rule puts the offer "loan" forward',
    ]);
  });

  test('that cancel at all times are named, and others are not', () => {
    const [half, twice] = ['{ "offers": ["camera"], "factor": 0.5', '{ "groups": ["shop"], "factor": 2'];
    expect(load(levers(`${half} }`, `${twice} }`)).warnings).toEqual([
      'policies/levers.json:3:33 levers on "camera" cancel: 0.5 x 2 is 1',
    ]);
    expect(load(levers(`${half} }`, `${twice}, "schedule": { "from": "2026-12-01" } }`)).warnings).toEqual([]);
    expect(load(levers('{ "offers": ["camera"], "factor": 1 }')).warnings).toEqual([
      'policies/levers.json:2:35 a factor of 1 changes nothing',
    ]);
  });
});

describe('what is written for a score', () => {
  const rule = (placement: string) => ({
    'contextual/camera.json': `{ "name": "R", "placements": ["${placement}"], "conditions": { "all": [] },
"event": { "type": "offer", "params": { "offer": "camera", "weight": 2 } } }`,
    'offers/camera.json': `{ "name": "C", ${CONTENT},\n"value": 20,\n"propensity": 0.1,\n"tier": 1 }`,
    ...levers('{ "offers": ["camera"], "factor": 1.2 }'),
  });

  test('has no effect where every placement is ordered by priority', () => {
    expect(load(rule('hero')).warnings.map((text) => text.replace(/; write.*/, ''))).toEqual([
      'contextual/camera.json:2:60 "weight" has no effect: no placement that the rule speaks for goes by it',
      ...['2:1 "value"', '3:1 "propensity"', '4:1 "tier"'].map(
        (what) =>
          `offers/camera.json:${what} has no effect: no placement that rules put the offer forward in goes by it`,
      ),
      'policies/levers.json:2:1 the lever has no effect: no placement that rules put its offers forward in goes by it',
    ]);
  });

  test('has one where a placement goes by it, and none where that factor is off', () => {
    expect(load(rule('shelf')).warnings).toEqual([]);
    const shelf = '{ "name": "S", "arbitration": "score", "score": { "value": false, "lever": false } }';
    expect(load({ ...rule('shelf'), 'placements/shelf.json': shelf }).warnings).toEqual([
      expect.stringContaining('"value" has no effect'),
      expect.stringContaining('the lever has no effect'),
    ]);
  });
});
