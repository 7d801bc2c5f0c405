import { Module } from '@nestjs/common';
import { KitController } from './kit.controller.js';
import { KitFile } from './kit-file.js';

/** The room of what pages load from here. */
@Module({ controllers: [KitController], providers: [{ provide: KitFile, useFactory: () => KitFile.read() }] })
export class SdkModule {}
