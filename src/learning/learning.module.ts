import { Module } from '@nestjs/common';
import { PropensitiesController } from './propensities.controller.js';
import { PropensityTable } from './propensity-table.js';

/** The room of what models say of offers. */
@Module({ controllers: [PropensitiesController], providers: [PropensityTable], exports: [PropensityTable] })
export class LearningModule {}
