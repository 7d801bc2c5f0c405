/** A Jest reporter for the last words: how many tests ran on which store, and then the sum, alone on its line. */
export default class Reporter {
  onRunComplete(_contexts, results) {
    // Jest's own summary follows those of all reporters; only at the exit is the last word free.
    process.once('exit', () => console.log(lastWords(results)));
  }
}

function lastWords(results) {
  const ran = results.testResults
    .flatMap((suite) => suite.testResults)
    .filter(({ status }) => status === 'passed' || status === 'failed');
  const on = (store) => ran.filter((test) => isOn(test, store)).length;
  // A suite that could not even be loaded counts as one failure: its tests are in no sum.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return [
    `on SQLite: ${on('SQLite')} tests, on Redis: ${on('Redis')} tests`,
    `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  ].join('\n');
}

/** Suites say it at the end of their titles: `… on SQLite`, `… on Redis`, `… on Redis Cluster`. */
function isOn({ ancestorTitles }, store) {
  return ancestorTitles.some((title) => new RegExp(` on ${store}( Cluster| Sentinel)?$`).test(title));
}
