import { join } from 'node:path';
import { speed } from './check-shop.ts';
import { type Checklist, shown } from './checklist.ts';
import { NOW, type Customer, type Expected } from './count-independently.ts';
import { decideAll, readProfiles, type Profile } from './front-door.ts';
import { sendFile } from './send-file.ts';

/** A bank's customers as they were read from the file. */
export interface Bank {
  readonly folder: string;
  readonly people: ReadonlyMap<string, Customer>;
  readonly expected: Expected;
}

/** Every how many customers one is looked at closely. */
const SAMPLE_EVERY = 50;

/** Imports the bank's customers and decides for all of them. */
export async function checkBank(url: string, { folder, people, expected }: Bank, list: Checklist): Promise<void> {
  const sent = await sendFile('import', join(folder, 'bank-additional-full.csv'), { url, map: 'bank.map.json' });
  list.equal('usher import: profiles', sent.visitors, { wanted: 41_188, note: `${shown(sent.rowsPerSecond)} rows/s` });
  list.equal('usher import: rows refused', sent.refused, { wanted: 0 });

  const sample = [...people.keys()].filter((_, at) => at % SAMPLE_EVERY === 0);
  const profiles = await readProfiles(url, sample);
  const same = sample.filter((id) => traitsTold(profiles.get(id)) === traitsOf(people.get(id))).length;
  list.equal('profiles of a sample that are as in the file', same, { wanted: sample.length });

  const decided = await decideAll(url, [...people.keys()], { placements: [...expected.keys()], now: NOW });
  list.equal(`batch of ${expected.size} placements: answers not in full or not in order`, decided.notInFull, {
    wanted: 0,
    note: speed(decided.perSecond, expected),
  });
  for (const [offer, wanted] of expected) list.sameSet(offer, decided.offers.get(offer) ?? new Set(), wanted);
}

function traitsTold(text: string | undefined): string {
  const { traits } = JSON.parse(text ?? '{"traits":{}}') as Profile;
  const { age, job, poutcome, euribor3m, pdays } = traits;
  return JSON.stringify([age, job, poutcome, euribor3m, pdays]);
}

function traitsOf(customer: Customer = {}): string {
  const { age, job, poutcome, euribor3m, pdays } = customer;
  return JSON.stringify([Number(age), job, poutcome, Number(euribor3m), Number(pdays)]);
}
