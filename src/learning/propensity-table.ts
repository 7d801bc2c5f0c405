import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { UploadedPropensities } from '../engine/decision-run.js';
import type { Rulebook } from '../engine/rulebook.js';
import { InvalidRequest } from '../errors.js';
import { Recurring } from '../recurring.js';
import { type Figures, NO_FIGURES, OfferFigures } from '../stores/offer-figures.js';
import { retryLostRaces } from '../stores/retry-lost-races.js';

/** What is said of an offer in a segment. */
export interface SegmentPropensity {
  readonly offer: string;
  readonly segment: string;
  /** From 0 to 1; null takes away what was said before. */
  readonly propensity: number | null;
}

/** So many offers times segments are kept: each process has them in memory. */
export const MOST_PROPENSITIES = 100_000;
/** How often other processes are looked at for what they were told. */
const LOOK_MS = 5_000;

/**
 * The propensities uploaded by segment, at hand without waiting: those that this process was told at once, those that
 * others were told within five seconds. While the store is away they stay as they are.
 */
@Injectable()
export class PropensityTable implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Propensities');
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  private version = NO_FIGURES.version;
  private all: UploadedPropensities = {};
  /** By rulebook and placement, those that a decision there may ask for: what is recorded of it stays small. */
  private asked = new WeakMap<Rulebook, Map<string, UploadedPropensities>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: OfferFigures) {}

  async onModuleInit(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Those that a decision in these placements may ask for; undefined where there are none. */
  for(rulebook: Rulebook, placements: readonly { readonly id: string }[]): UploadedPropensities | undefined {
    if (this.version === NO_FIGURES.version) return undefined;
    let found: UploadedPropensities | undefined;
    for (const { id } of placements) {
      const own = this.in(rulebook, id);
      if (own !== NONE) found = found ? { ...found, ...own } : own;
    }
    return found;
  }

  /** Takes in what is said, the last word of each; throws `InvalidRequest` when it would be too much in all. */
  async put(said: readonly SegmentPropensity[]): Promise<void> {
    if (said.length === 0) return;
    const next = await retryLostRaces(
      async () => {
        const before = await this.store.read();
        const body = JSON.stringify(withSaid(JSON.parse(before.body) as UploadedPropensities, said));
        const figures = { version: before.version + 1, body };
        return (await this.store.put(figures)) ? { won: figures } : 'lost';
      },
      { because: 'Others upload propensities all the time.' },
    );
    this.adopt(next);
  }

  private in(rulebook: Rulebook, placement: string): UploadedPropensities {
    const known = this.asked.get(rulebook) ?? new Map<string, UploadedPropensities>();
    this.asked.set(rulebook, known);
    const before = known.get(placement);
    if (before) return before;
    const made = rulebook.placements.get(placement)?.score?.propensity ? this.proposedIn(rulebook, placement) : NONE;
    known.set(placement, made);
    return made;
  }

  private proposedIn(rulebook: Rulebook, placement: string): UploadedPropensities {
    const offers = [...new Set((rulebook.rules.get(placement) ?? []).map(({ offer }) => offer))].sort();
    const rows = offers.flatMap((offer) => (Object.hasOwn(this.all, offer) ? [[offer, this.all[offer] ?? {}]] : []));
    return rows.length === 0 ? NONE : (Object.fromEntries(rows) as UploadedPropensities);
  }

  private async look(): Promise<void> {
    try {
      if ((await this.store.version()) > this.version) this.adopt(await this.store.read());
    } catch (error) {
      this.failures.note('look', `what was uploaded can't be read: ${String(error)}`);
    }
  }

  private adopt({ version, body }: Figures): void {
    if (version <= this.version) return;
    this.all = JSON.parse(body) as UploadedPropensities;
    this.version = version;
    this.asked = new WeakMap();
  }
}

const NONE: UploadedPropensities = Object.freeze({});

function withSaid(before: UploadedPropensities, said: readonly SegmentPropensity[]): UploadedPropensities {
  const table = new Map(Object.entries(before).map(([offer, row]) => [offer, new Map(Object.entries(row))]));
  for (const { offer, segment, propensity } of said) {
    const row = table.get(offer) ?? new Map<string, number>();
    if (propensity === null) row.delete(segment);
    else row.set(segment, propensity);
    if (row.size > 0) table.set(offer, row);
    else table.delete(offer);
  }
  const count = [...table.values()].reduce((sum, row) => sum + row.size, 0);
  if (count > MOST_PROPENSITIES)
    throw new InvalidRequest([
      { path: '', message: `there may be ${MOST_PROPENSITIES} propensities by segment in all; it would be ${count}` },
    ]);
  const sorted = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([offer, row]) => [offer, Object.fromEntries([...row].sort())]));
}
