import { firstName } from '../match/path.js';
import { plainFact } from './fact-declaration.js';

/** `profile`: the traits of the person. */
export const profileFact = plainFact({
  name: 'profile',
  hint: 'what is known of the person: their traits; reach inside with "path"',
  source: 'traits',
  readsVisitor: true,
  scoped: false,
  cost: 1,
  shape: { kind: 'object', examples: ['.city', '.interests', "['odd name']"] },
  compile: () => (facts) => facts.visitor.traits,
  asksFor: (_params, path) => {
    const trait = path === undefined ? undefined : firstName(path);
    return trait === undefined ? [] : [{ what: 'trait', name: trait, at: ['path'] }];
  },
  takesIn: 'others',
});
