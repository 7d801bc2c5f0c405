import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../bench/random.ts';

/** What became of everything sent. */
export interface SentAtRandom {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** How many events were sent a second time. */
  readonly sentTwice: number;
  readonly perSecond: number;
}

interface Batch {
  readonly url: string;
  readonly events: readonly object[];
}

interface Receipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: readonly unknown[];
}

const BATCH_SIZE = 40;
const AT_ONCE = 8;
/** The share of batches that their sender has no answer for, and sends again, to whichever service. */
const SENT_TWICE = 0.05;
const ATTEMPTS = 5;
const PAUSE_MS = 200;

/**
 * Sends events once each and some of them twice, in batches in any order, each to any of the services, several at a
 * time.
 */
export async function sendAtRandom(
  urls: readonly string[],
  events: readonly object[],
  seed: number,
): Promise<SentAtRandom> {
  const random = seeded(seed);
  const once = cut(shuffled(events, random), BATCH_SIZE);
  const twice = once.filter(() => random() < SENT_TWICE);
  const batches = shuffled([...once, ...twice], random).map((batch) => ({
    url: urls[Math.floor(random() * urls.length)] ?? '',
    events: batch,
  }));
  const startedAt = performance.now();
  const receipts = await sendAll(batches);
  const perSecond = Math.round((events.length * 1_000) / (performance.now() - startedAt));
  const sum = (read: (receipt: Receipt) => number) => receipts.reduce((total, receipt) => total + read(receipt), 0);
  return {
    accepted: sum((receipt) => receipt.accepted),
    duplicates: sum((receipt) => receipt.duplicates),
    refused: sum((receipt) => receipt.refused.length),
    sentTwice: twice.flat().length,
    perSecond,
  };
}

async function sendAll(batches: readonly Batch[]): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  const waiting = batches.values();
  const sender = async () => {
    for (const batch of waiting) receipts.push(await send(batch));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return receipts;
}

async function send({ url, events }: Batch): Promise<Receipt> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ batch: events }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as Receipt;
    if (response.status < 500 || attempt === ATTEMPTS) throw new Error(`answered ${response.status}: ${text}`);
    await sleep(PAUSE_MS * attempt);
  }
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const cards = [...list];
  for (let at = cards.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [cards[at], cards[other]] = [cards[other] as T, cards[at] as T];
  }
  return cards;
}

function cut<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
