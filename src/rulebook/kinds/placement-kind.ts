import { checkDates } from '../schedules/check-dates.js';
import { checkArbitration } from '../arbitration/check-arbitration.js';
import { checkPlacement } from '../check/check-placement.js';
import { checkChannelNames } from './check-names.js';
import type { KindDeclaration } from './kind-declaration.js';
import { scalar, title } from './starting-words.js';

/** Slots that ask what to show: `rules/placements/`. */
export const placementKind: KindDeclaration = {
  name: 'placements',
  folder: 'placements',
  one: 'placement',
  type: 'PlacementDefinition',
  into: 'placements',
  checks: [checkDates, checkPlacement, checkArbitration, checkChannelNames],
  next: ['Say what it is called and how many offers it shows; rules name it under "placements".'],
  starting: ({ id, fallback }) => `
# A placement: a slot that asks what to show. Its id is the name of this file.
name: ${title(id)}
channel: web              # used when a request names none
count: 1                  # how many offers it shows when the request does not say
${fallback === undefined ? '# fallback: welcome   ' : `fallback: ${scalar(fallback)}`}    # the offer that it shows when nothing else can be
# arbitration: score      # the highest tier, then propensity x weight x value x lever, rather than the priority
# score: { propensity: true, weight: true, value: true, lever: true }   # false switches one off
# lease: { minutes: 20 }  # whoever is offered something here is offered it in no other channel for so long
# dedupe: home            # placements of one call that share this word never show the same offer twice
# maxPerGroup: 1          # at most so many offers of one group
# timeZone: Europe/Brussels   # for the fact "now", where the visitor has no trait "timezone"
`,
};
