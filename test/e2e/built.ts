declare global {
  /** Lent by `test/environment.mjs`. */
  var importBuilt: ((name: string) => Promise<unknown>) | undefined;
}

/** What every process started here gets of this one: where programs are, and what Node compiled for another. */
export const INHERITED = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};

/** Where `test/build-once.mjs` has built the service. */
export function builtFolder(): string {
  const folder = process.env['TEST_BUILT'];
  if (folder === undefined) throw new Error('nothing is built: these tests are run by Jest, with its globalSetup');
  return folder;
}

/**
 * A module of the built service, such as `./main.js`, or a package as that one gets it. It is Node's own, outside of
 * Jest: loaded once for all test files of a worker, which share what it holds for the whole process. Its objects and
 * errors are of other classes than those that a spec imports from `src/`.
 */
export async function importBuilt<Module>(name: string): Promise<Module> {
  if (!globalThis.importBuilt) throw new Error('nothing is built: these tests run by Jest, in test/environment.mjs');
  return (await globalThis.importBuilt(name)) as Module;
}
