import { describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compileRules } from '../../src/engine/match/compile-rules.js';
import { Matcher } from '../../src/engine/match/matcher.js';
import { MatcherBuilder } from '../../src/engine/match/matcher-builder.js';
import { RECKONED } from '../../src/engine/match/own-operators.js';
import { compilePath } from '../../src/engine/match/path.js';
import { decoratorNames, operatorNames } from '../../src/engine/match/operators.js';
import { compareTimes, findTimeComparison, reckonedFrame } from '../../src/engine/values/time-comparisons.js';
import { referenceMatch } from '../../src/rulebook/check/reference-match.js';
import { compileRulebook } from '../../src/engine/compile.js';
import { decide } from '../../src/engine/decide.js';
import { startRun } from '../../src/engine/decision-run.js';
import { visitorView } from '../../src/engine/visitor/visitor.js';
import { prove } from '../../src/proofs/prove.js';
import { instant } from '../../src/rulebook/read/instant.js';
import { renderer } from '../../src/rulebook/templates/templates.js';
import { decode } from '../../src/visitors/documents/codec.js';
import { CorruptDocuments } from '../../src/visitors/writing/corrupt-documents.js';
import { findDocument } from '../../src/visitors/writing/find-document.js';
import { countersOf } from '../../src/visitors/memory/counters.js';
import { apply, emptyMemory, merge, traitsOf } from '../../src/visitors/memory/memory.js';
import { PersonalRecordsList } from '../../src/stores/personal/personal-records-list.js';
import { VisitorEraser } from '../../src/visitors/care/visitor-eraser.js';
import { VisitorSplitter } from '../../src/visitors/care/visitor-splitter.js';
import { VisitorsService } from '../../src/visitors/visitors.service.js';
import { Glances } from '../../src/visitors/behind/glances.js';
import { writeRound } from '../../src/visitors/writing/write-round.js';
import { DECORATORS, OPERATORS, TIME_OPERATORS } from '../arbitraries/rules.ts';
import { emptyTally, properties } from './properties.ts';

/** A taste of what `npm run fuzz` does for as long as one likes. */
const RUNS = 200;
const visitors = {
  apply,
  merge,
  emptyMemory,
  countersOf,
  traitsOf,
  decode,
  findDocument,
  writeRound,
  Glances,
  CorruptDocuments,
  VisitorsService,
  VisitorSplitter,
  VisitorEraser,
  PersonalRecordsList,
};
const proofs = { prove, compileRulebook, decide, startRun, visitorView, renderer, instant };
const matching = { Matcher, MatcherBuilder, compileRules, compilePath, referenceMatch };
const times = { RECKONED, reckonedFrame, findTimeComparison, compareTimes };
const product = { ...matching, ...times, visitors, proofs };

// Each split would be a line of the log.
Logger.overrideLogger(false);

describe('whatever the rules and whatever the facts', () => {
  test.each(properties.map((property) => [property.name, property] as const))(
    '%s',
    async (_name, { check, weight }) => {
      const tally = emptyTally();
      await fc.assert(check(product, tally), { numRuns: Math.ceil(RUNS / weight) });
      // Where all rules are read at once it throws in 48 of 100; chance makes that a few more or less.
      expect(tally.threw).toBeLessThanOrEqual((tally.compared * 2) / 3);
    },
  );

  test('plain Node can load all that `npm run fuzz` tries', async () => {
    const load = "for (const name of ['properties', 'kept-events']) await import(`./${name}.ts`)";
    const node = promisify(execFile)(process.execPath, ['--input-type=module', '-e', load], {
      cwd: import.meta.dirname,
    });
    expect(await node).toEqual({ stdout: '', stderr: '' });
  });

  test('every operator and decorator of the rule language is tried', () => {
    expect([...OPERATORS, ...TIME_OPERATORS].sort()).toEqual([...operatorNames].sort());
    expect([...DECORATORS].sort()).toEqual([...decoratorNames].sort());
  });
});
