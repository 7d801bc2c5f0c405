import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

const AROUND = [
  { path: 'placements/home.hero.json', text: '{ "name": "Hero", "channel": "web" }' },
  { path: 'offers/camera.json', text: '{ "name": "C", "group": "shop", "treatments": { "*": { "content": {} } } }' },
];

function problemsOf(policy: string): string[] {
  const text = `{ "name": "Left alone",\n${policy} }`;
  return loadRulebook([...AROUND, { path: 'policies/contact.json', text }]).problems.map(problemText);
}

describe('the contact policy', () => {
  test.each([
    '"suppression": [ { "after": "dismissed", "times": 3, "within": "30d", "for": "14d", "group": "3d" } ]',
    '"quietHours": [ { "channels": ["web"], "from": "21:00", "until": "08:00", "days": ["friday"] } ]',
    '"quietHours": [ { "from": "21:00", "until": "08:00", "timeZone": "UTC" } ]',
    '"quietHours": [ { "from": "00:00", "until": "24:00" } ]',
    '"limits": [ { "event": "shown", "limit": 50, "within": "week", "groups": ["shop"], "offers": ["camera"] } ]',
    '"groups": { "shop": { "suppression": [] } }, "offers": { "camera": { "quietHours": [] } }',
  ])('may say %s', (policy) => {
    expect(problemsOf(policy)).toEqual([]);
  });

  test.each([
    ['a group of no offer', '"groups": { "shopp": {} }', '2:13 "shopp" is the group of no offer; did you mean "shop"?'],
    ['an unknown offer', '"offers": { "camra": {} }', '2:13 unknown offer "camra"; did you mean "camera"?'],
    [
      'an unknown channel',
      '"quietHours": [ { "channels": ["wep"], "from": "21:00", "until": "08:00" } ]',
      '2:32 "wep" is no channel that a placement or a rule uses; did you mean "web"?',
    ],
    [
      'quiet hours of no length',
      '"quietHours": [ { "from": "21:00", "until": "21:00" } ]',
      '2:45 quiet hours from 21:00 until 21:00 are none; for the whole day write "00:00" until "24:00"',
    ],
    [
      'a time that is none',
      '"quietHours": [ { "from": "9pm", "until": "08:00" } ]',
      '2:27 "9pm" is no time of day; write one such as "21:00", up to "24:00"',
    ],
    [
      'a time zone that does not exist',
      '"limits": [ { "event": "shown", "limit": 1, "within": "day", "timeZone": "Europe/Brusels" } ]',
      '2:74 unknown time zone "Europe/Brusels"; did you mean "Europe/Brussels"?',
    ],
    [
      'a duration that is none',
      '"suppression": [ { "after": "dismissed", "for": "2 weeks" } ]',
      '2:49 "2 weeks" is not a duration; write a number and s, m, h, d or w, such as "14d"',
    ],
    [
      'a longer memory than there is',
      '"suppression": [ { "after": "dismissed", "for": "401d" } ]',
      '2:49 "401d" is too long: contacts are remembered for 400 days; write "400d" or less',
    ],
    [
      'more than is remembered',
      '"limits": [ { "event": "shown", "limit": 51, "within": "day" } ]',
      '2:42 "limit" must be 50 or less; got 51',
    ],
    [
      'something else to count',
      '"limits": [ { "event": "seen", "limit": 5, "within": "day" } ]',
      '2:24 "event" must be one of "decided", "shown", "clicked", "accepted"; got "seen"',
    ],
    [
      'no time for which to stay away',
      '"suppression": [ { "after": "dismissed" } ]',
      '2:18 "for" is missing; add "for": "14d", how long it then stays away',
    ],
  ])('with %s is named with place and remedy', (_what, policy, problem) => {
    expect(problemsOf(policy)).toEqual([`policies/contact.json:${problem}`]);
  });
});

describe('the caps of an offer', () => {
  function problemsOfOffer(text: string): string[] {
    const offer = `{ "name": "C", "treatments": { "*": { "content": {} } },\n${text} }`;
    const files = [...AROUND.slice(0, 1), { path: 'offers/camera.json', text: offer }];
    return loadRulebook(files).problems.map(problemText);
  }

  test.each([
    '"caps": [ { "event": "shown", "limit": 50, "within": "400d" } ]',
    '"caps": [ { "event": "accepted", "limit": 100000, "per": "total", "within": "month", "hold": "2d" } ]',
    '"stock": {}',
    '"stock": { "event": "clicked", "hold": "1h" }',
  ])('may be %s', (text) => {
    expect(problemsOfOffer(text)).toEqual([]);
  });

  test.each([
    [
      '"caps": [ { "event": "shown", "limit": 51 } ]',
      '2:40 "limit" for each visitor can be 50 at most, as the last 50 contacts are remembered; got 51',
    ],
    [
      '"caps": [ { "event": "shown", "limit": 5, "hold": "60h", "within": "401d" } ]',
      '2:68 "401d" is too long: contacts are remembered for 400 days; write "400d" or less',
    ],
    [
      '"caps": [ { "event": "shown", "limit": 5, "hold": "61d" } ]',
      '2:51 "61d" is too long: what is held for nobody is kept from everybody; write "60d" or less',
    ],
    [
      '"caps": [ { "event": "decided", "limit": 5, "hold": "1d" } ]',
      '2:45 a limit on "decided" is used up by the decision, and holds nothing; remove "hold"',
    ],
    [
      '"caps": [ { "event": "shown", "limit": 5, "within": "year" } ]',
      '2:53 "year" is not a duration; write a number and s, m, h, d or w, such as "7d", or day, week, month',
    ],
    [
      '"caps": [ { "event": "shown", "limit": 5, "placement": "home.hiro" } ]',
      '2:56 unknown placement "home.hiro"; did you mean "home.hero"?',
    ],
    ['"stock": { "hold": "soon" }', '2:20 "soon" is not a duration; write a number and s, m, h, d or w, such as "30m"'],
  ])('%s is a problem with place and remedy', (text, problem) => {
    expect(problemsOfOffer(text)).toEqual([`offers/camera.json:${problem}`]);
  });
});
