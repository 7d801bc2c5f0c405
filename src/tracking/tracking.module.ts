import { Module } from '@nestjs/common';
import { TrackingController } from './tracking.controller.js';
import { TrackingService } from './tracking.service.js';

/** The room that takes events in. */
@Module({ controllers: [TrackingController], providers: [TrackingService] })
export class TrackingModule {}
