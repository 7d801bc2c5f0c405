import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A small business without a problem, by path under the rules folder: what the specs of this room break and mend. */
export const SAMPLE: Readonly<Record<string, string>> = {
  'placements/home.hero.json': `{
  "name": "Hero of the home page",
  "channel": "web",
  "fallback": "welcome",
  "timeZone": "Europe/Brussels"
}
`,
  'placements/email.offer.yaml': `name: The offer of the letter
channel: email
count: 1
`,
  'offers/welcome.json': `{
  "name": "Welcome",
  "treatments": { "*": { "content": { "title": "Welcome" } } }
}
`,
  'offers/pet-camera.json': `{
  "name": "In-home camera for pets",
  "treatments": {
    "home.hero": {
      "content": { "title": "See what {{ profile.petName | default: 'your pet' }} is up to" },
      "actions": [ { "type": "link", "label": "See the cameras", "url": "/cameras" } ]
    },
    "email": { "content": { "title": "A camera for {{ profile.petName }}" } }
  },
  "eligibility": { "not": { "condition": "owns-a-camera" } },
  "schedule": { "from": "2026-11-01", "until": "2027-01-31" },
  "consent": "personalisation"
}
`,
  'segments/pet-lovers.json': `{
  "name": "Pet lovers",
  "conditions": { "any": [
    { "fact": "profile", "path": "$.interests", "operator": "contains", "value": "pets" }
  ] }
}
`,
  'segments/owns-a-camera.json': `{
  "name": "Owns a camera",
  "conditions": { "all": [
    { "fact": "interactions", "params": { "event": "Order Completed", "where": { "category": "cameras" } },
      "operator": "greaterThanInclusive", "value": 1 }
  ] }
}
`,
  'proactive/pet-lovers-see-cameras.json': `{
  "name": "Pet lovers see cameras",
  "placements": [ "home.hero", "email.offer" ],
  "conditions": { "all": [ { "condition": "pet-lovers" } ] },
  "event": { "type": "offer", "params": { "offer": "pet-camera" } },
  "priority": 60
}
`,
  'contextual/looked-at-cameras.json': `{
  "name": "Looked at cameras twice",
  "placements": [ "home.hero" ],
  "conditions": { "all": [
    { "fact": "interactions",
      "params": { "event": "Product Viewed", "within": "7d", "aggregate": "count" },
      "operator": "greaterThanInclusive", "value": 2 }
  ] },
  "event": { "type": "offer", "params": { "offer": "pet-camera" } },
  "priority": 80
}
`,
  'policies/consent.json': `{
  "name": "What visitors decide about",
  "purposes": {
    "personalisation": { "unknown": "granted" },
    "partners": { "description": "What others told us of them" }
  },
  "facts": { "interactions": "personalisation" },
  "traits": { "partnerTier": "partners" }
}
`,
  'cases/pet-lover.json': `{
  "name": "A pet lover",
  "visitor": { "traits": { "interests": [ "pets" ], "petName": "Rex" }, "consents": { "partners": { "status": "granted", "until": "2027-01-01" } } },
  "request": { "placements": [ "home.hero" ], "channel": "web" },
  "now": "2026-11-20T09:00:00Z",
  "expect": { "home.hero": [ "pet-camera" ] },
  "expectContent": { "home.hero": { "title": "See what Rex is up to" } }
}
`,
};

/** Files of a rules folder by path; undefined leaves one of the sample out. */
export type Files = Readonly<Record<string, string | Uint8Array | undefined>>;

/** Writes the sample with these files changed into a folder `rules` of its own; gives its path. */
export function writeRules(changes: Files = {}, sample: Files = SAMPLE): string {
  const dir = join(mkdtempSync(join(tmpdir(), 'usher-')), 'rules');
  mkdirSync(dir);
  for (const [path, text] of Object.entries({ ...sample, ...changes }))
    if (text !== undefined) writeRule(dir, path, text);
  return dir;
}

/** Writes one file of a rules folder. */
export function writeRule(dir: string, path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

/** Removes a folder made by {@link writeRules}. */
export function removeRules(dir: string): void {
  rmSync(dirname(dir), { recursive: true, force: true });
}
