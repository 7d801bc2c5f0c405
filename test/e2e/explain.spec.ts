import { expect, test } from '@jest/globals';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import { describeOn } from './harness.js';

const ask = { visitorId: 'stranger', placements: ['home.hero', 'desk.greeting'] };

describeOn(
  'SQLite',
  'explain',
  (service) => {
    test('adds why to the answer, for each placement in the order asked', async () => {
      const { decisions, explanation } = await service.decide({ ...ask, explain: true });
      expect(explanation?.map(({ placement }) => placement)).toEqual(decisions.map(({ placement }) => placement));
      expect(explanation?.[0]?.rules.length).toBeGreaterThan(5);
      expect(explanation?.[0]?.fallback).toEqual({ offer: 'welcome', verdict: 'SHOWN', because: 'NONE_MATCHED' });
    });

    test('adds nothing where it is not asked for, and changes nothing of the decision', async () => {
      const plain = await service.decide(ask);
      const explained = await service.decide({ ...ask, explain: true });
      expect(plain).not.toHaveProperty('explanation');
      // Tokens are of one decision alone.
      const alone = ({ decisions }: DecisionAnswer) => JSON.stringify(decisions).replaceAll(/,"token":"[\w-]+"/g, '');
      expect(alone(explained)).toBe(alone(plain));
    });

    test('explains the lines of a batch that ask for it', async () => {
      const lines = [{ ...ask, explain: true }, ask].map((line) => JSON.stringify(line)).join('\n');
      const answers = (await service.post('/v1/decisions/batch', lines, 'application/x-ndjson')).text
        .trim()
        .split('\n');
      expect(answers.map((line) => (JSON.parse(line) as DecisionAnswer).explanation?.length)).toEqual([2, undefined]);
    });
  },
  { settings: { USHER_RULES: 'rules' } },
);
