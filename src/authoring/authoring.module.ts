import { Module } from '@nestjs/common';
import { ReleasesController } from './releases.controller.js';
import { RolloutController } from './rollout.controller.js';

/** The room that takes rule files in over HTTP, for the command line and the studio. */
@Module({ controllers: [ReleasesController, RolloutController] })
export class AuthoringModule {}
