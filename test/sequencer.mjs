import TestSequencer from '@jest/test-sequencer';

/** What starts whole services takes longest: one that begins last would have the other workers wait for its end. */
const FIRST = [/\/test\/(stress|drills)\//, /\/test\/e2e\/cli/, /\/(test\/e2e|sdk\/\w+\/test)\//, /\/src\/stores\//];

/** Runs the longest first, also where no run before could tell which they are. */
export default class Sequencer extends TestSequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  const at = FIRST.findIndex((pattern) => pattern.test(path.replaceAll('\\', '/')));
  return at === -1 ? FIRST.length : at;
}
