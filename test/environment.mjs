import { pathToFileURL } from 'node:url';
import { TestEnvironment } from 'jest-environment-node';

/**
 * What Jest lends to each test file, and beside it `importBuilt`: Node's own import of a module of the service, as
 * `test/build-once.mjs` has built it. Jest would read, link and run the 2,900 modules of a whole service once more for
 * each file; Node does it once for each worker. `test/e2e/built.ts` says what comes of it.
 */
export default class Environment extends TestEnvironment {
  async setup() {
    await super.setup();
    const dist = pathToFileURL(`${process.env['TEST_BUILT']}/dist/`);
    this.global.importBuilt = (name) => import(name.startsWith('.') ? new URL(name, dist).href : name);
  }
}
