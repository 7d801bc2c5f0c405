import type * as core from '@nestjs/core';
import type * as platform from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as appModule from '../../src/app.module.js';
import type * as configModule from '../../src/config.js';
import type * as telemetry from '../../src/telemetry/start-telemetry.js';
import { importBuilt } from './built.js';
import { writeShop } from './shop.js';

const { NestFactory } = await importBuilt<typeof core>('@nestjs/core');
const { FastifyAdapter } = await importBuilt<typeof platform>('@nestjs/platform-fastify');
const { AppModule } = await importBuilt<typeof appModule>('./app.module.js');
const { readConfig } = await importBuilt<typeof configModule>('./config.js');
const { startTelemetry } = await importBuilt<typeof telemetry>('./telemetry/start-telemetry.js');

/** A route as the service registers it. */
export interface RegisteredRoute {
  readonly method: string;
  /** Such as `/v1/visitors/:id`. */
  readonly url: string;
  /** What its `@Needs` says, such as `assistant or server`; undefined where it has none. */
  readonly needs: string | undefined;
}

/** All routes of all rooms, whoever wrote them. */
export async function registeredRoutes(): Promise<RegisteredRoute[]> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-routes-'));
  await writeShop(join(folder, 'rules'));
  const routes: RegisteredRoute[] = [];
  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onRoute', ({ method, url, config }) => {
    const needs = config?.needs && [config.needs].flat().join(' or ');
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, url, needs });
  });
  const config = readConfig({ USHER_DATA: folder, USHER_RULES: join(folder, 'rules') });
  const app = await NestFactory.create(AppModule.register(config, await startTelemetry()), adapter, {
    logger: false,
    bodyParser: false,
  });
  await app.init();
  await app.close();
  await rm(folder, { recursive: true, force: true });
  return routes;
}
