/** Paths as people write them, and worse, each with values that have the names which the path may be read to say. */
import fc from 'fast-check';

/** A path, and what it is followed into. */
export interface PathInto {
  readonly path: string;
  readonly values: readonly object[];
}

const CHARACTERS = [...`abc01 $@*~^.,:;?()[]'"\`#%!&|{}<>/\\=+-_äß🐶`];
const character = fc.constantFrom(...CHARACTERS);

const name = fc.oneof(
  fc.string({ unit: character, maxLength: 5 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom('a', 'b', '0', 'length', '$email', 'Plan (neu)', 'utm:source', 'xml:lang', 'dot.name', "it's"),
  fc.constantFrom('..', '*', '$', '~', '@type', '1:2', '(a)', '#1', '%@%', '@string()'),
);

const step = fc.oneof(
  name.map((text) => `['${text}']`),
  name.map((text) => `["${text}"]`),
  name.map((text) => `['\`${text}']`),
  name.map((text) => `.['${text}']`),
  name.map((text) => `.${text}`),
  name.map((text) => `..${text}`),
  fc.constantFrom('[*]', '.*', '[0]', '[1]', '[0:1]', '[-1:]', '..', '.[0]', '[::2]', '[-:]'),
);

const path = fc.oneof(
  { weight: 3, arbitrary: fc.array(step, { maxLength: 4 }).map((steps) => `$${steps.join('')}`) },
  fc
    .tuple(fc.constantFrom('', 'a', 'b', '*', '$email'), fc.array(step, { maxLength: 4 }))
    .map(([first, steps]) => `${first}${steps.join('')}`),
  fc.string({ unit: character, minLength: 1, maxLength: 9 }),
);

/** Any path. */
export const pathInto: fc.Arbitrary<PathInto> = path.chain((text) =>
  fc.record({
    path: fc.constant(text),
    values: fc.array(valueOf([...namesIn(text), 'a', 'b', '0']), { minLength: 3, maxLength: 3 }),
  }),
);

/** All that could be meant by a name in it: with quotes and without, with a backtick and without. */
function namesIn(text: string): string[] {
  const found = [text, text.slice(1)];
  for (const [whole] of text.matchAll(/[^.[\]]+/g)) found.push(whole);
  for (const [, whole = ''] of text.matchAll(/\[['"](.*?)['"]\]/g)) found.push(whole, whole.slice(1));
  return found.flatMap((one) => [one, one.replace(/^['"]|['"]$/g, '')]);
}

function valueOf(names: readonly string[]): fc.Arbitrary<object> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'a value' },
      fc.constantFrom<unknown>(1, null, 'text', false),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 4 })
        .map((entries) => Object.fromEntries(entries) as unknown),
    ),
  }));
  return value.filter((one): one is object => typeof one === 'object' && one !== null);
}
