import { plainFact } from './fact-declaration.js';

/** `segments`: the segments whose conditions hold. */
export const segmentsFact = plainFact({
  name: 'segments',
  hint: 'the ids of the segments the person is in; compare with `contains`',
  source: 'rules',
  readsVisitor: true,
  scoped: true,
  cost: 100,
  shape: { kind: 'list' },
  compile: () => (facts, run) => [...facts.segments].filter(([, segment]) => run.holds(segment)).map(([id]) => id),
  isSegmentList: true,
});
