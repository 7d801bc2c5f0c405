import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

// For what tests start. A worker that began with it would write at its end, and Jest ends one that takes its time.
process.env['NODE_COMPILE_CACHE'] = `${process.env['TEST_BUILT']}/compiled`;

/**
 * What Jest lends to each test file, but for two things.
 *
 * The global object is an ordinary one. Jest's own is a proxy, which every `Math` and every `JSON` in a test and in what
 * it tests would have to ask: code that computes much takes up to ten times as long behind it.
 *
 * And there is `importBuilt`: Node's own import of a module of the service, as `test/build-once.mjs` has built it. Jest
 * would read, link and run the 2,900 modules of a whole service once more for each file; Node does it once for each
 * worker. `test/e2e/built.ts` says what comes of it.
 */
export default class Environment extends TestEnvironment {
  constructor(...given) {
    const { createContext } = vm;
    // The one call in the constructor that says what the global object is.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }

  async setup() {
    await super.setup();
    const dist = pathToFileURL(`${process.env['TEST_BUILT']}/dist/`);
    this.global.importBuilt = (name) => import(name.startsWith('.') ? new URL(name, dist).href : name);
  }
}
