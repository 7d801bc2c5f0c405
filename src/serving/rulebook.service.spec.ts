import { afterAll, describe, expect, test } from '@jest/globals';
import type { Rulebook } from '../engine/rulebook.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { RulebookService } from './rulebook.service.js';
import { removeRules, writeRules } from '../rulebook/sample-rules.contract.js';
import { ServingRulebooks } from './serving-rulebooks.js';

const dir = writeRules();
afterAll(() => removeRules(dir));

function release(version: number, at = dir): Rulebook {
  const { rulebook } = loadRulebook(at, version);
  if (!rulebook) throw new Error('the sample is broken');
  return rulebook;
}

describe('the rulebooks that serve', () => {
  test('come before everything else', () => {
    expect(() => new RulebookService().current()).toThrow('no rules are loaded yet');
  });

  test('stay what they were for whoever began with them', () => {
    const rulebooks = new RulebookService();
    rulebooks.serve(new ServingRulebooks(release(1)));
    const before = rulebooks.serving();
    rulebooks.serve(new ServingRulebooks(release(2)));
    expect([before.live.version, rulebooks.current().version]).toEqual([1, 2]);
  });

  test.each([0.5, 10, 50])('are the canary for %d %% of the visitors, always the same ones', (share) => {
    const ids = Array.from({ length: 40_000 }, (_, at) => `visitor-${at}`);
    const [live, canary] = [release(1), release(2)];
    const sides = (serving: ServingRulebooks) => ids.map((id) => serving.for(id).version);
    const first = sides(new ServingRulebooks(live, { rulebook: canary, share }));
    expect(Math.abs(first.filter((version) => version === 2).length / 400 - share)).toBeLessThan(0.5);
    expect(sides(new ServingRulebooks(release(1), { rulebook: release(2), share }))).toEqual(first);
    // Who was in it stays in it when the share grows.
    const more = sides(new ServingRulebooks(live, { rulebook: canary, share: share * 1.5 }));
    expect(first.every((version, at) => version === 1 || more[at] === 2)).toBe(true);
  });

  test('know a placement when one of those that answer does', () => {
    const later = writeRules({ 'placements/new.hero.json': '{ "name": "New", "fallback": "welcome" }' });
    const canary = release(2, later);
    removeRules(later);
    expect(new ServingRulebooks(release(1), { rulebook: canary, share: 1 }).hasPlacement('new.hero')).toBe(true);
    expect(new ServingRulebooks(release(1), undefined, canary).hasPlacement('new.hero')).toBe(false);
  });
});
