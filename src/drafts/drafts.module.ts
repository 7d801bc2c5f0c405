import { Module } from '@nestjs/common';
import { ReleasesService } from '../releases/releases.service.js';
import { DraftStore } from '../stores/draft-store.js';
import { ReleaseStore } from '../stores/release-store.js';
import { DraftsService } from './drafts.service.js';

/** The room of rules that are being written. */
@Module({
  providers: [
    {
      provide: DraftsService,
      inject: [DraftStore, ReleasesService, ReleaseStore],
      useFactory: (store: DraftStore, releases: ReleasesService, kept: ReleaseStore) =>
        new DraftsService(store, releases, kept),
    },
  ],
  exports: [DraftsService],
})
export class DraftsModule {}
