import { Inject, Injectable, Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { iso } from '../../engine/language/millis.js';
import { NotFound, SplitRefused } from '../../errors.js';
import { retryLostRaces, type Attempt } from '../../stores/retry-lost-races.js';
import { VisitorStore } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import type { SplitWish } from '../intake/split-body.js';
import { apartOf, withSides, type Memory, type Retention } from '../memory/memory.js';
import { partMemory } from '../memory/part-memory.js';
import { RETENTION, VisitorsService } from '../visitors.service.js';
import { findPersonDocuments, type PersonDocuments } from '../writing/person-documents.js';
import { tellSplit, type SplitAnswer } from './split-answer.js';

/** A person, and the document that their memory is in. */
interface FoundMemory {
  readonly memory: Memory;
  readonly version: string;
}

/** Parts people who were joined, as long as that can be undone. How, is said in `docs/identity.md`. */
@Injectable()
export class VisitorSplitter {
  private readonly logger = new Logger('Visitors');
  private readonly counter = metrics.getMeter('usher').createCounter('usher_visitors_split', {
    description: 'Joins of visitors that were undone',
  });

  constructor(
    private readonly store: VisitorStore,
    private readonly visitors: VisitorsService,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  /**
   * Parts the side of an id from the person whom `of` leads to, and tells of both; the same again where that was done
   * before. Throws `NotFound` for a stranger, and `SplitRefused` where there is no join that can be undone.
   */
  split(of: string, wish: SplitWish): Promise<SplitAnswer> {
    return retryLostRaces(() => this.attempt(of, wish), { because: 'Other processes keep writing to this visitor.' });
  }

  private async attempt(of: string, { id = of, dryRun }: SplitWish): Promise<Attempt<SplitAnswer>> {
    const person = await findPersonDocuments(this.store, [of]);
    if (await this.isSettled(of, person)) return 'lost';
    const { memory: stored, version } = memoryOf(person) ?? refuseStranger(of);
    const at = Date.now();
    const memory = withSides(stored, apartOf(stored), at, this.retention);
    const parts = person.ids.includes(id) ? partMemory(memory, { id, at }, at, this.retention) : undefined;
    if (!parts) return { won: (await this.partedBefore(memory, id)) ?? refuse(memory, id) };
    const answer = tellSplit(parts, at, dryRun);
    if (dryRun) return { won: answer };
    const document = encode({ kind: 'memory', memory: { ...memory, parting: { id, at } } });
    const [saved] = await this.store.save([{ id: memory.id, from: version, document }]);
    if (!saved) return 'lost';
    if (!(await this.visitors.finishParting(memory.id))) return 'lost';
    this.counter.add(1);
    this.logger.log(`A visitor was parted in two, of ${answer.people.map(({ ids }) => ids.length).join(' and ')} ids.`);
    return { won: answer };
  }

  /** Ends what another has begun with the person; whether there was something to end. */
  private async isSettled(of: string, { documents }: PersonDocuments): Promise<boolean> {
    const memories = [...documents.values()].flatMap(({ says }) => (says?.kind === 'memory' ? says.memory : []));
    const parting = memories.filter((memory) => memory.parting);
    for (const { id } of parting) await this.visitors.finishParting(id);
    const isJoining = memories.some(({ joining }) => joining !== undefined);
    // Whatever is said of somebody ends the join that they are in, be it nothing.
    if (isJoining) await this.visitors.setTraits(of, {});
    return isJoining || parting.length > 0;
  }

  /** Of two who were parted before, whom the person and the id name: both, as they are now. */
  private async partedBefore(memory: Memory, id: string): Promise<SplitAnswer | undefined> {
    for (const note of memory.parted?.toReversed() ?? []) {
      const hasLeft = note.id === memory.id;
      const both = await findPersonDocuments(this.store, [hasLeft ? note.from : note.id]);
      const twin = memoryOf(both)?.memory;
      if (!twin || twin.id === memory.id || !(both.ids.includes(id) || (hasLeft && id === memory.id))) continue;
      return tellSplit(hasLeft ? { stays: twin, leaves: memory } : { stays: memory, leaves: twin }, note.at);
    }
    return undefined;
  }
}

function memoryOf({ homes, documents }: PersonDocuments): FoundMemory | undefined {
  const [home = ''] = homes;
  const read = documents.get(home);
  return read?.says?.kind === 'memory' ? { memory: read.says.memory, version: read.stored.version } : undefined;
}

function refuseStranger(id: string): never {
  throw new NotFound(`Nobody is known by the id "${id.slice(0, 64)}".`);
}

function refuse({ id: home, userIds, anonymousIds, joins = [] }: Memory, id: string): never {
  const shown = `"${id.slice(0, 64)}"`;
  if (![home, ...userIds, ...anonymousIds].includes(id))
    throw new SplitRefused(`${shown} is no id of this visitor. Name one of those in "joins" of their profile.`);
  const join = joins.find((one) => one.id === id);
  throw new SplitRefused(
    join
      ? `${shown} was joined at ${iso(join.at)}, and that can't be undone any more: it was longer ago than ` +
          'USHER_SPLIT_DAYS, by a version that did not keep the two apart, by an import of an export, or followed by ' +
          'more joins than are kept apart.'
      : `Nothing is noted that joined ${shown} to this visitor. Name one of the ids in "joins" of their profile.`,
  );
}
