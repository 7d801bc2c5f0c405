import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '../../test/until.js';
import { StopListening } from './end-connections.js';

let release: () => void = () => undefined;

/** As a batch that is under way: it holds the end up. */
class HeldUp implements BeforeApplicationShutdown {
  beforeApplicationShutdown(): Promise<void> {
    return new Promise((resolve) => (release = resolve));
  }
}

@Module({ providers: [StopListening, HeldUp] })
class Stopping {}

test('no connection is taken from the moment the service is told to stop, however long it takes to end', async () => {
  const app = await NestFactory.create<NestFastifyApplication>(Stopping, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const port = Number(new URL(await app.getUrl()).port);
  const isTaken = (): Promise<boolean> => {
    const socket = connect(port, '127.0.0.1');
    const taken = once(socket, 'connect').then(
      () => true,
      () => false,
    );
    return taken.finally(() => socket.destroy());
  };
  expect(await isTaken()).toBe(true);
  const closed = app.close();
  await until('connections to be refused', async () => !(await isTaken()));
  release();
  await closed;
});
