import { stringify } from 'yaml';
import type { Kind } from '../../rulebook/read/rule-file.js';

/** What a starting file is filled in with: names that the folder has, or examples where it has none. */
export interface StartingNames {
  readonly id: string;
  readonly placement: string;
  readonly offer: string;
  /** An offer that can be shown anywhere; undefined where there is none. */
  readonly fallback: string | undefined;
  readonly segment: string | undefined;
  readonly purpose: string | undefined;
  /** A day: `2026-11-20`. */
  readonly today: string;
  /** What the placement shows a stranger now. */
  readonly shown: readonly string[];
}

/** The text of a new file of a kind: YAML, as it takes comments, that passes the check where the names are there. */
export function startingText(kind: Kind, names: StartingNames): string {
  return `${TEXTS[kind](names).trim()}\n`;
}

const TEXTS: Readonly<Record<Kind, (names: StartingNames) => string>> = {
  placements: ({ id, fallback }) => `
# A placement: a slot that asks what to show. Its id is the name of this file.
name: ${title(id)}
channel: web              # used when a request names none
count: 1                  # how many offers it shows when the request does not say
${fallback === undefined ? '# fallback: welcome       # the offer that it shows when nothing else can be' : `fallback: ${scalar(fallback)}    # the offer that it shows when nothing else can be`}
# dedupe: home            # placements of one call that share this word never show the same offer twice
# maxPerGroup: 1          # at most so many offers of one group
# timeZone: Europe/Brussels   # for the fact "now", where the visitor has no trait "timezone"
`,
  offers: ({ id, segment = 'pet-lovers', purpose = 'personalisation', today }) => `
# An offer: something to show or to do. Its id is the name of this file.
name: ${title(id)}
status: draft             # left out of decisions; take this line away when it is ready
# group: ${wordsOf(id)[0] ?? 'offers'}           # offers of one group stand for the same thing
# value: 35               # what it is worth when accepted, in your own unit

# How it looks: looked up by placement, then by channel, then "*". The names inside content are yours.
# Texts are Liquid; give a value that may be missing a default, or the offer is dropped rather than shown with a hole.
treatments:
  "*":
    content:
      title: "{{ profile.firstName | default: 'Hello' }}, have a look"
    # actions:
    #   - { type: link, label: See more, url: /more }

# Who may get it at all, whatever a rule says:
# eligibility: { not: { condition: ${scalar(segment)} } }
# schedule: { from: "${today}" }     # until is the first moment after it
# consent: ${scalar(purpose)}      # the purpose without whose consent it is never made
# goal: { event: Order Completed, within: 7d }
`,
  segments: ({ id }) => `
# A segment: a named condition, used elsewhere as { condition: ${id} }. Its id is the name of this file.
name: ${title(id)}
conditions:
  any:                    # one of these is enough; "all" asks for every one, "not" for the opposite
    # What is known of the person:
    - { fact: profile, path: $.interests, operator: contains, value: ${scalar(wordsOf(id)[0] ?? 'pets')} }
    # What the person did:
    - fact: interactions
      params: { event: Product Viewed, where: { category: ${scalar(wordsOf(id)[0] ?? 'pets')} }, within: 30d, aggregate: count }
      operator: greaterThanInclusive
      value: 3
`,
  proactive: (names) => `
# A proactive rule: from what is known of a person, who should hear of what. Its id is the name of this file.
${ruleHead(names)}
conditions:
  all:
    - { fact: profile, path: $.city, operator: equal, value: Ghent }
    # - { condition: ${scalar(names.segment ?? 'pet-lovers')} }                        # a segment
    # - { not: { fact: profile, path: $.owns, operator: contains, value: camera } }
    # - { fact: now, path: $.weekday, operator: in, value: [saturday, sunday] }
${ruleTail(names)}
`,
  contextual: (names) => `
# A contextual rule: from what a person did, when is the moment for what. Its id is the name of this file.
${ruleHead(names)}
conditions:
  all:
    - fact: interactions
      params: { event: Product Viewed, within: 7d, aggregate: count }
      operator: greaterThanInclusive
      value: 2
    # - { fact: session, path: $.durationSeconds, operator: greaterThan, value: 120 }  # the visit under way
    # - { fact: context, path: $.device, operator: equal, value: mobile }              # what the request says
    # - { not: { condition: ${scalar(names.segment ?? 'pet-lovers')} } }               # a segment
${ruleTail(names)}
`,
  policies: () => `
# What visitors decide about, and what may only be used with their consent.
name: What visitors decide about
purposes:
  personalisation:
    description: To choose what we show by what we know of you
    unknown: denied       # what counts while a visitor has said nothing
# The purpose that a whole fact needs, and all that is made from it:
# facts: { interactions: personalisation }
# The purpose that single traits need:
# traits: { partnerInterests: personalisation }
`,
  cases: ({ id, placement, today, shown }) => `
# A case: a visitor, a request, a time, and the decision expected. "usher test" holds the rules to it.
name: ${title(id)}
visitor:
  traits: {}              # what is known of them, such as { firstName: Ada, interests: [pets] }
  interactions: []        # what they did, such as
  # - { event: Product Viewed, timestamp: "${today}T08:00:00Z", channel: web, properties: { category: pets } }
  # consents: { personalisation: granted }
request:
  placements: [${scalar(placement)}]
  # channel: web
  # context: { device: mobile }
now: "${today}T09:00:00Z"   # the time of the decision: it makes the story true for ever
expect:
  ${scalar(placement)}: [${shown.map(scalar).join(', ')}]   # the offers in order; this is what the rules decide today
# expectContent:
#   ${scalar(placement)}: { title: "Hello" }   # only the names given are compared
`,
};

function ruleHead({ id, placement }: StartingNames): string {
  return `name: ${title(id)}
status: draft             # left out of decisions; take this line away when it is ready
placements: [${scalar(placement)}]
# channels: [web]         # only in these; all of them when absent`;
}

function ruleTail({ offer, today }: StartingNames): string {
  return `event:
  type: offer
  params: { offer: ${scalar(offer)} }
priority: 10              # the higher wins
# schedule: { from: "${today}" }    # until is the first moment after it`;
}

/** `my-rule` is called "My rule". */
function title(id: string): string {
  const text = wordsOf(id).join(' ') || id;
  return scalar(text.charAt(0).toUpperCase() + text.slice(1));
}

function wordsOf(id: string): string[] {
  return id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
}

/** A text as YAML takes it: in quotes only where it would be something else without. Inside of lists too. */
function scalar(text: string): string {
  return stringify([text], { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .replace(/^\[\s*|\s*\]$/g, '');
}
