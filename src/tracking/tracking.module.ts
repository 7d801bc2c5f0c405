import { Module } from '@nestjs/common';
import { EventIntake } from './event-intake.js';
import { RejectedController } from './rejected.controller.js';
import { RejectedList } from './rejected-list.js';
import { SeenController } from './seen.controller.js';
import { SettingsController } from './settings.controller.js';
import { TrackingController } from './tracking.controller.js';
import { TrackingService } from './tracking.service.js';

/** The room that takes events in. */
@Module({
  controllers: [TrackingController, RejectedController, SeenController, SettingsController],
  providers: [EventIntake, RejectedList, TrackingService],
  exports: [TrackingService],
})
export class TrackingModule {}
