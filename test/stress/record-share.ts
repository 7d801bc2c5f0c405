/**
 * One process of the stress test: `node record-share.ts DIST REDIS_URL PEOPLE SEED PROCESS PROCESSES`. Prints what was
 * refused.
 */
import { seeded } from '../../bench/random.ts';
import { openVisitors } from './built-visitors.ts';
import { batched, randomPeople, reordered } from './random-people.ts';

/** Batches under way at the same time. */
const ABREAST = 8;

const [dist = '', redisUrl = '', ...numbers] = process.argv.slice(2);
const [people = 0, seed = 0, place = 0, processes = 1] = numbers.map(Number);
const random = seeded(seed + place + 1);
const share = randomPeople(people, seed).filter((_event, index) => index % processes === place || random() < 0.1);
const batches = batched(reordered(share, random), random);
const refused: object[] = [];
const { visitors, close } = await openVisitors(dist, redisUrl);
await Promise.all(Array.from({ length: ABREAST }, recordNext));
await close();
process.stdout.write(JSON.stringify(refused));

async function recordNext(): Promise<void> {
  for (let batch = batches.pop(); batch; batch = batches.pop()) {
    const recorded = await visitors.record(batch);
    refused.push(...batch.filter((_event, index) => recorded[index]?.refused !== undefined));
  }
}
