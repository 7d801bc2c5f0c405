import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Stores } from '../../stores/open-stores.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';
import { SearchPolicies } from '../search-policies.js';
import { VisitorsService } from '../visitors.service.js';
import { IndexBuilder } from './index-builder.js';
import { IndexRecords } from './index-records.js';
import { SearchEntries } from './search-entries.js';
import { SearchKeys } from './search-keys.js';

/** Keeps the index of the search: as documents are written, as people are erased, and as the policy changes. */
@Injectable()
export class SearchKeeper implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly entries: SearchEntries;
  readonly builder: IndexBuilder;
  private read: Promise<SearchKeys> | undefined;

  constructor(
    @Inject(Stores) private readonly stores: Pick<Stores, 'visitors' | 'search' | 'limits' | 'housekeeping'>,
    policies: SearchPolicies,
    private readonly records: PersonalRecordsList,
    private readonly people: VisitorsService,
  ) {
    const { search: index, visitors, housekeeping } = stores;
    const policy = () => policies.now();
    this.entries = new SearchEntries({ index, store: visitors, keys: () => this.keys(), policy });
    const isServing = () => policies.areServing;
    this.builder = new IndexBuilder({ entries: this.entries, index, housekeeping, visitors, policy, isServing });
  }

  onModuleInit(): void {
    this.people.indexed.entries = this.entries;
    this.records.register(new IndexRecords(this.entries, this.stores.visitors));
  }

  onApplicationBootstrap(): void {
    this.builder.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.builder.stop();
  }

  /** The keys, by the secret that lies in the store. Rejects where that can't be read. */
  keys(): Promise<SearchKeys> {
    this.read ??= this.stores.limits
      .secret(() => randomBytes(32).toString('base64url'))
      .then((secret) => new SearchKeys(secret))
      .catch((error: unknown) => {
        this.read = undefined;
        throw error;
      });
    return this.read;
  }
}
