/** Tests compile through swc with the build's own settings, less the rule that leaves tests out of the build. */
import { readFileSync } from 'node:fs';

const { jsc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** @type {import('jest').Config} */
export default {
  testMatch: ['src', 'test', 'sdk/*/test'].map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { swcrc: false, sourceMaps: 'inline', module: { type: 'es6' }, jsc }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: '<rootDir>/test/environment.mjs',
  reporters: ['default', '<rootDir>/test/reporter.mjs'],
  globalSetup: '<rootDir>/test/build-once.mjs',
  globalTeardown: '<rootDir>/test/remove-built.mjs',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // One less than there are cores, if nothing is said: on two cores half of them would idle.
  maxWorkers: '100%',
  // Longer than test/until.ts waits, which says what for: a busy machine fails no test.
  testTimeout: 120_000,
};
