import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventMatcher } from './single-view-policy.js';
import { usualSingleView } from './usual-single-view.js';

const { support, satisfaction } = usualSingleView;

/** What the words are in one expression each: the reference that the lists are held against. */
const REFERENCES = [
  ['contact with support', support.contacted, /^(customer )?support (contacted|called|chatted)$/i],
  [
    'a matter that is open',
    support.opened,
    /^((customer )?support )?(case|ticket|conversation) (opened|created|submitted|reopened|updated|replied|escalated|assigned)$/i,
  ],
  [
    'the end of a matter',
    support.closed,
    /^((customer )?support )?(case|ticket|conversation) (resolved|solved|closed)$/i,
  ],
  [
    'a rating',
    satisfaction.rated,
    /(^|\s)(rated|reviewed)$|(^|\s)(rating|review|nps|csat|survey|feedback)( score)? (submitted|answered|completed|given|left)$/i,
  ],
] as const;

const WORDS = (
  'Customer support SUPPORT case Ticket conversation contacted called Chatted opened created submitted reopened ' +
  'updated replied escalated assigned resolved solved closed rated reviewed Rating review NPS csat survey feedback ' +
  'score answered completed given left overrated product'
).split(' ');

const aName = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(' ', ' ', ' ', ' ', '\t', '  ', '')), { maxLength: 5 })
  .map((parts) => parts.map(([word, gap], at) => (at === parts.length - 1 ? word : word + gap)).join(''));

describe('the usual words', () => {
  test.each(REFERENCES)('for %s name what one expression names, and nothing else', (_what, words, reference) => {
    const matches = eventMatcher(words);
    fc.assert(
      fc.property(fc.oneof(aName, fc.string()), (name) => {
        expect([name, matches(name)]).toEqual([name, reference.test(name)]);
      }),
      { numRuns: 2_000 },
    );
    const named = words.flatMap(({ names, followedBy }) =>
      followedBy ? names.flatMap((name) => followedBy.map((next) => `${name} ${next}`)) : names,
    );
    expect(named.filter((name) => !matches(name.toUpperCase()) || !reference.test(name))).toEqual([]);
  });
});

describe('words for events', () => {
  const rated = eventMatcher([{ names: ['Bewertung'], followedBy: ['abgegeben'], afterAnyWords: true }]);

  test('may be of any language, whole words only', () => {
    expect(['Bewertung abgegeben', 'Produkt BEWERTUNG abgegeben'].filter(rated)).toHaveLength(2);
    expect(['Neubewertung abgegeben', 'Bewertung', 'Bewertung abgegeben nicht'].filter(rated)).toEqual([]);
    expect(eventMatcher([{ names: ['Fall geöffnet'] }])('FALL GEÖFFNET')).toBe(true);
  });

  test('are taken letter by letter: what an expression would mean does not matter', () => {
    const dotted = eventMatcher([{ names: ['(a+)+$', 'Case.Opened'] }]);
    expect([dotted('(A+)+$'), dotted('aaaa'), dotted('Case Opened'), dotted('case.opened')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
