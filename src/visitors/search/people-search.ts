import { Injectable } from '@nestjs/common';
import { readId } from '../../doors/read-id.js';
import type { SearchForm } from '../../engine/language/search-definition.js';
import type { SearchPolicy } from '../../engine/visitor/search-policy.js';
import type { IndexEntry } from '../../stores/search-index.js';
import type { Memory } from '../memory/memory.js';
import { SearchPolicies } from '../search-policies.js';
import { VisitorsService } from '../visitors.service.js';
import { matchesIn, tellFound, type FoundPeople, type FoundPerson } from './found-people.js';
import { formed } from './search-forms.js';
import { SearchKeeper } from './search-keeper.js';
import { termOf, type Said, type SearchKeys } from './search-keys.js';
import type { SearchQuery } from './search-query.js';

/** A page says what it likes, under as many ids as it likes: whom a server speaks of comes first. */
const WHOSE_WORD: readonly Said[] = ['server', 'browser'];

/** Finds people by an id, or by what their traits say. The index only points: each is looked at before it is told. */
@Injectable()
export class PeopleSearch {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly keeper: SearchKeeper,
    private readonly policies: SearchPolicies,
  ) {}

  /** Whoever has the text as an id or in a trait, whole. Rejects where the store does not answer. */
  async find({ search, limit }: SearchQuery): Promise<FoundPeople> {
    const policy = this.policies.now();
    const wanted = wantedIn(search, policy);
    const found = new Map<string, FoundPerson>();
    await this.findById(search, { policy, wanted, found });
    for (const key of keysOf(wanted, await this.keeper.keys()))
      if (found.size <= limit) await this.findByKey(key, { policy, wanted, found }, limit);
    const behind = await this.keeper.builder.behind();
    return {
      people: [...found.values()].slice(0, limit),
      ...(found.size > limit && { more: true }),
      ...(behind.length > 0 && { behind }),
    };
  }

  private async findById(search: string, { policy, wanted, found }: Finding): Promise<void> {
    const read = readId(search);
    const memory = read && 'id' in read ? await this.visitors.find(read.id) : undefined;
    if (!memory || !read || !('id' in read)) return;
    found.set(memory.id, tellFound(memory, [{ by: 'id', id: read.id }, ...matchesIn(memory, policy, wanted)]));
  }

  /** One more than the limit is looked for, to know whether there are more. */
  private async findByKey(key: string, finding: Finding, limit: number): Promise<void> {
    const { policy, wanted, found } = finding;
    const ids = await this.keeper.entries.index.find(key, limit + 1 + found.size);
    const stale: IndexEntry[] = [];
    for (const [at, memory] of (await this.read(ids)).entries()) {
      const matched = memory ? matchesIn(memory, policy, wanted) : [];
      if (matched.length === 0) stale.push({ key, id: ids[at] ?? '' });
      else if (memory && !found.has(memory.id)) found.set(memory.id, tellFound(memory, matched));
    }
    // It leads to nobody: by the time that this looks once more, whoever was just writing has written.
    await this.keeper.entries.takeOut(stale);
  }

  private read(ids: readonly string[]): Promise<(Memory | undefined)[]> {
    return Promise.all(ids.map((id) => this.visitors.find(id)));
  }
}

/** What is looked for, and who was found so far, by the id that they are kept under. */
interface Finding {
  readonly policy: SearchPolicy;
  readonly wanted: ReadonlyMap<SearchForm, string>;
  readonly found: Map<string, FoundPerson>;
}

/** The text in each form that a trait of the policy has, where it is of that form. */
function wantedIn(search: string, policy: SearchPolicy): ReadonlyMap<SearchForm, string> {
  const wanted = new Map<SearchForm, string>();
  for (const form of new Set(policy.values())) {
    const value = formed(search, form);
    if (value !== undefined) wanted.set(form, value);
  }
  return wanted;
}

function keysOf(wanted: ReadonlyMap<SearchForm, string>, keys: SearchKeys): string[] {
  return WHOSE_WORD.flatMap((said) => [...wanted].map(([form, value]) => keys.of(termOf(form, said, value))));
}
