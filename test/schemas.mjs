/**
 * Generates `schemas/<kind>.json` from the types in `src/engine/language/`, as the kinds of rule file are declared, and
 * `schemas/answers.json` from what the controllers answer, `schemas/visitor-export.json` among that, and from both the
 * types of the Node client: `npm run schemas`. With `--check` nothing is written; the exit code is 1 when a file is not what the types say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { answerSchemas } from './answer-schemas.mjs';
import { clientRequests, clientTypes } from './client-types.mjs';
import { exportSchema } from './export-schema.mjs';
import { declared } from './read-declarations.mjs';
import { withWords } from './schema-words.mjs';

const ROOT = new URL('../', import.meta.url);
const { kinds } = await declared('rulebook/kinds/kinds');

const check = process.argv.includes('--check');
const stale = [];
const { answers, requests } = answerSchemas(clientRequests);
const ofAnswers = [
  ['schemas/answers.json', textOf(answers)],
  ['schemas/visitor-export.json', textOf(exportSchema(answers))],
  ['sdk/node/src/service-types.ts', await clientTypes({ answers, requests })],
];
for (const [name, text] of [...generateAll(), ...ofAnswers]) {
  const file = new URL(name, ROOT);
  if (read(file) === text) continue;
  stale.push(name);
  if (!check) writeFileSync(file, text);
}
report();

function generateAll() {
  const generator = createGenerator({
    path: fileURLToPath(new URL('src/engine/language/*definition*.ts', ROOT)),
    tsconfig: fileURLToPath(new URL('tsconfig.json', ROOT)),
    skipTypeCheck: true,
  });
  const params = {
    ...generator.createSchema('InteractionsParams').definitions,
    ...generator.createSchema('ContactsParams').definitions,
    ...generator.createSchema('ShareParams').definitions,
    ...generator.createSchema('FactReference').definitions,
  };
  return kinds.map(({ name, folder, type }) => {
    const { definitions, ...schema } = generator.createSchema(type);
    Object.assign(schema, { definitions: withWords(definitions, params), title: `A file of rules/${folder}/` });
    return [`schemas/${name}.json`, textOf(schema)];
  });
}

function textOf(schema) {
  return `${JSON.stringify(schema, withoutImpossible, 2)}\n`;
}

/** `Json | undefined` of an index signature comes out as a choice with nothing at all; only the rest is of use. */
function withoutImpossible(_name, value) {
  if (!Array.isArray(value?.anyOf)) return value;
  const possible = value.anyOf.filter((choice) => JSON.stringify(choice) !== '{"not":{}}');
  return possible.length === 1 ? possible[0] : { ...value, anyOf: possible };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function report() {
  if (stale.length === 0) return console.log('schemas/ is what the types in src/ say.');
  if (!check) return console.log(`Written: ${stale.join(', ')}.`);
  console.error(`Not what the types in src/ say: ${stale.join(', ')}. Run: npm run schemas`);
  process.exitCode = 1;
}
