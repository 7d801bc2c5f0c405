/**
 * Who ought to get which offer of `rules/`, counted straight from the files with no code of the project: by splitting
 * lines, as neither file has its separator or a line end inside a cell. By itself it prints the counts:
 * `node test/acceptance/count-independently.ts ../shared/data`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Offer by offer, the visitors who ought to get it. */
export type Expected = ReadonlyMap<string, ReadonlySet<string>>;

/** One line of `rees46-events.csv`. */
export interface ShopEvent {
  readonly seconds: number;
  readonly type: string;
  readonly product: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number;
  readonly session: string;
}

/** The cells of one line of `bank-additional-full.csv`, by column. */
export type Customer = Readonly<Record<string, string>>;

/** The moment that everything is counted at. */
export const NOW = '2019-10-01T02:50:00Z';
const NOW_SECONDS = Date.parse(NOW) / 1000;
const HOUR = 3600;

/** The events of each visitor, in the order of the file. */
export function readShop(folder: string): Map<string, ShopEvent[]> {
  const people = new Map<string, ShopEvent[]>();
  for (const line of linesOf(join(folder, 'rees46-events.csv'))) {
    const [time = '', type = '', product = '', , category = '', brand = '', price, user = '', session = ''] =
      line.split(',');
    const seconds = Date.parse(time.replace(' UTC', 'Z').replace(' ', 'T')) / 1000;
    const event = { seconds, type, product, category, brand, price: Number(price), session };
    people.set(user, [...(people.get(user) ?? []), event]);
  }
  return people;
}

/** The customers by the number of their row, from 1. */
export function readBank(folder: string): Map<string, Customer> {
  const file = join(folder, 'bank-additional-full.csv');
  const cells = (line: string) => line.replaceAll('"', '').split(';');
  const header = cells(readFileSync(file, 'utf8').split('\n', 1)[0] ?? '');
  const rows = linesOf(file).map((line) => Object.fromEntries(cells(line).map((cell, at) => [header[at] ?? '', cell])));
  return new Map(rows.map((row, at) => [String(at + 1), row]));
}

/** Who ought to get each offer about the shop. */
export function countShop(people: ReadonlyMap<string, readonly ShopEvent[]>): Expected {
  return select(people, SHOP);
}

/** Who ought to get each offer about the bank. */
export function countBank(people: ReadonlyMap<string, Customer>): Expected {
  return select(people, BANK);
}

const SHOP: Readonly<Record<string, (events: readonly ShopEvent[]) => boolean>> = {
  'looked-at-three-smartphones': (all) => phones(views(all)) >= 3 && phones(purchases(all)) === 0,
  'looked-at-three-smartphones-this-hour': (all) =>
    phones(views(since(all, HOUR))) >= 3 && phones(purchases(since(all, HOUR))) === 0,
  'spent-five-hundred': (all) => sum(purchases(all)) >= 500,
  'looked-at-five-brands': (all) =>
    new Set(
      views(all)
        .map((one) => one.brand)
        .filter((brand) => brand !== ''),
    ).size >= 5,
  'went-quiet': (all) => quietFor(all) >= 600 && quietFor(all) < HOUR,
  'came-early': (all) => NOW_SECONDS - (all[0]?.seconds ?? NaN) >= 2 * HOUR,
  'last-looked-at-apple': (all) => views(all).at(-1)?.brand === 'apple',
  'began-with-samsung': (all) => views(all)[0]?.brand === 'samsung',
  'looks-at-dear-things': (all) => views(all).length >= 2 && sum(views(all)) / views(all).length > 500,
  'looks-at-everything': (all) => views(all).some((one) => one.price < 10) && views(all).some((one) => one.price > 500),
  'wants-a-dear-machine': (all) => views(since(all, 1.5 * HOUR)).filter(isDearMachine).length >= 2,
  'ten-times-on-the-web': (all) => all.length >= 10,
  'ever-in-the-app': () => false,
  'ten-views-in-a-lifetime': (all) => views(all).length >= 10,
  'three-views-in-this-visit': (all) => views(visitUnderWay(all)).length >= 3,
};

const BANK: Readonly<Record<string, (customer: Customer) => boolean>> = {
  'deposit-again': ({ age, job, poutcome }) =>
    Number(age) >= 30 && Number(age) <= 50 && (job === 'admin.' || job === 'technician') && poutcome === 'success',
  'call-once-more': ({ pdays, poutcome, previous }) =>
    Number(pdays) < 7 || (poutcome === 'failure' && Number(previous) >= 2),
  'free-of-loans': (one) =>
    one['housing'] === 'no' && one['loan'] === 'no' && one['default'] !== 'unknown' && Number(one['euribor3m']) < 1.3,
};

function select<T>(people: ReadonlyMap<string, T>, offers: Readonly<Record<string, (one: T) => boolean>>): Expected {
  const gets = (wants: (one: T) => boolean) => [...people].filter(([, one]) => wants(one)).map(([id]) => id);
  return new Map(Object.entries(offers).map(([offer, wants]) => [offer, new Set(gets(wants))]));
}

function views(events: readonly ShopEvent[]): ShopEvent[] {
  return events.filter((one) => one.type === 'view');
}

function purchases(events: readonly ShopEvent[]): ShopEvent[] {
  return events.filter((one) => one.type === 'purchase');
}

function since(events: readonly ShopEvent[], seconds: number): ShopEvent[] {
  return events.filter((one) => one.seconds >= NOW_SECONDS - seconds);
}

function phones(events: readonly ShopEvent[]): number {
  return events.filter((one) => one.category === 'electronics.smartphone').length;
}

function isDearMachine({ category, price }: ShopEvent): boolean {
  return (category === 'electronics.smartphone' || category === 'computers.notebook') && price >= 700;
}

function sum(events: readonly ShopEvent[]): number {
  return events.reduce((total, one) => total + one.price, 0);
}

function quietFor(events: readonly ShopEvent[]): number {
  return NOW_SECONDS - (events.at(-1)?.seconds ?? NaN);
}

/** Backwards from now, up to the first half hour of quiet. */
function visitUnderWay(events: readonly ShopEvent[]): ShopEvent[] {
  const visit: ShopEvent[] = [];
  for (const one of events.toReversed()) {
    if ((visit[0]?.seconds ?? NOW_SECONDS) - one.seconds >= HOUR / 2) break;
    visit.unshift(one);
  }
  return visit;
}

/** Without the header. */
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split(/\r?\n/).slice(1);
}

if (import.meta.main) {
  const folder = process.argv[2] ?? '../shared/data';
  for (const expected of [countShop(readShop(folder)), countBank(readBank(folder))]) {
    for (const [offer, people] of expected) console.log(`${String(people.size).padStart(6)} ${offer}`);
  }
}
