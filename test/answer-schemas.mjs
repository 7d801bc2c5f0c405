/** The schemas of what the routes answer, from the types that their controllers name: `@Answers('Timeline')`. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  LiteralType,
  SchemaGenerator,
  UnionType,
} from 'ts-json-schema-generator';
import ts from 'typescript';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));
const CONFIG = {
  ...DEFAULT_CONFIG,
  path: `${SOURCES}main.ts`,
  tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
  skipTypeCheck: true,
};

/**
 * The schemas of `answers`: the types named, and those that they are made of, each by its name, as OpenAPI has them
 * under `components.schemas`; and of `requests`, the types of these names, likewise.
 */
export function answerSchemas(requests = []) {
  const program = createProgram(CONFIG);
  const readValues = (parsers) => parsers.addNodeParser(typeOfValue(program.getTypeChecker()));
  const generator = new SchemaGenerator(program, createParser(program, CONFIG, readValues), createFormatter(CONFIG));
  const schemasOf = (types) => {
    const found = Object.assign({}, ...types.map((type) => generator.createSchema(type).definitions));
    const sorted = Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.parse(JSON.stringify(Object.fromEntries(sorted), asInOpenApi));
  };
  return { answers: schemasOf(answersOf(program)), requests: schemasOf(requests) };
}

/** `(typeof DECLARED)[number]['name']`: the compiler knows the texts, the generator does not. */
function typeOfValue(checker) {
  const partsOf = (type) => (type.isUnion() ? type.types : [type]);
  return {
    supportsNode: (node) => ts.isIndexedAccessTypeNode(node) && node.getText().startsWith('(typeof '),
    createType: (node) =>
      new UnionType(partsOf(checker.getTypeAtLocation(node)).map(({ value }) => new LiteralType(value))),
  };
}

function answersOf(program) {
  const files = readdirSync(SOURCES, { recursive: true }).filter((file) => file.endsWith('.controller.ts'));
  return [...new Set(files.flatMap((file) => answersIn(program.getSourceFile(`${SOURCES}${file}`))))];
}

function answersIn(source) {
  const methods = source.statements.filter(ts.isClassDeclaration).flatMap(({ members }) => [...members]);
  return methods.flatMap((method) => {
    const calls = (ts.canHaveDecorators(method) ? (ts.getDecorators(method) ?? []) : []).map((one) => one.expression);
    const said = calls.find((call) => /^Answers(Lines)?$/.test(call.expression.getText(source)));
    const names = (said?.arguments ?? []).filter(ts.isStringLiteral).map(({ text }) => text);
    if (said?.expression.getText(source) === 'Answers') refuseOther(names[0], method, source);
    return names;
  });
}

/** Lines are written by hand, and have no type to be held against. */
function refuseOther(named, { name, type }, source) {
  const returned = type.getText(source).replace(/^Promise<(?:(?:InPieces|JsonOf)<(.*)>|(.*))>$/, '$1$2');
  if (named === returned) return;
  throw new Error(`${source.fileName}: ${name.getText(source)} returns ${returned}, and says that it answers ${named}`);
}

/** OpenAPI 3.1 is of JSON Schema 2020-12, where a tuple is `prefixItems`. */
function asInOpenApi(name, value) {
  if (name === '$ref') return value.replace('#/definitions/', '#/components/schemas/');
  if (name === 'description' && typeof value === 'string') return withoutLinks(value);
  return Array.isArray(value?.items) ? { ...value, prefixItems: value.items, items: false } : value;
}

/** Whoever reads the description has no names of the code to follow. */
function withoutLinks(text) {
  return text.replaceAll(/ *\{@link +([\w.]+) *\} */g, ' `$1` ').replaceAll(/` ([.,;:)])/g, '`$1');
}
