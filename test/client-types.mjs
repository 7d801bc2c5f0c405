/** `sdk/node/src/service-types.ts`: what the Node client sends and gets, as types, from the schemas of the service. */
import { readFileSync } from 'node:fs';
import { format } from 'prettier';

/** What is sent, by the names that it has in the client. */
const REQUESTS = { DecisionRequestDto: 'DecisionRequest', PlacementAskDto: 'PlacementAsk', OutcomeDto: 'Outcome' };
const ANSWERS = ['DecisionAnswer', 'LineRefusal', 'BatchReceipt', 'OutcomeReceipt', 'VisitorProfile'];
const HEAD =
  '/** What the service takes and answers. Made from its schemas, by `npm run schemas`: do not edit it. */\n\n';
const PLAIN = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' };
const PLACE = '#/components/schemas/';

/** The types of the service that are sent. */
export const clientRequests = Object.keys(REQUESTS);

/** The text of the file. `answers` and `requests` are schemas by the names of their types. */
export async function clientTypes({ answers, requests }) {
  const sent = JSON.stringify(requests).replaceAll(/"(\w+Dto)":/g, (_, name) => `"${REQUESTS[name]}":`);
  const schemas = { ...answers, ...JSON.parse(sent) };
  const names = [...reached([...ANSWERS, ...Object.values(REQUESTS)], schemas)].sort();
  const text = HEAD + names.map((name) => declaration(name, schemas[name])).join('\n');
  const options = JSON.parse(readFileSync(new URL('../.prettierrc.json', import.meta.url), 'utf8'));
  return format(text, { ...options, parser: 'typescript' });
}

/** The types named, and all that they are made of. */
function reached(names, schemas, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const referred = JSON.stringify(schemas[name]).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    reached(
      Array.from(referred, ([, other]) => nameOf(other)),
      schemas,
      found,
    );
  }
  return found;
}

function declaration(name, schema) {
  const isInterface = schema.type === 'object' && schema.properties !== undefined;
  const said = isInterface ? `interface ${name} ${typeOf(schema)}` : `type ${name} = ${typeOf(schema)};`;
  return `${comment(schema.description ?? `See ${name} in the description of the API.`)}export ${said}\n`;
}

function typeOf(schema) {
  if (schema.$ref !== undefined) return nameOf(schema.$ref.replace(PLACE, ''));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => `(${typeOf(one)})`).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return listOf(schema);
  if (schema.type === 'object') return `{ ${[...membersOf(schema)].join('\n')} }`;
  const plain = PLAIN[schema.type];
  if (plain === undefined) throw new Error(`no type is known for the schema ${JSON.stringify(schema)}`);
  return plain;
}

function listOf({ prefixItems, items }) {
  return prefixItems === undefined
    ? `readonly (${typeOf(items)})[]`
    : `readonly [${prefixItems.map(typeOf).join(', ')}]`;
}

function* membersOf({ properties = {}, required = [], additionalProperties }) {
  for (const [name, schema] of Object.entries(properties)) {
    const told = schema.description === undefined ? '' : comment(schema.description);
    const mark = required.includes(name) ? '' : '?';
    yield `${told}readonly ${quoted(name)}${mark}: ${typeOf(schema)};`;
  }
  if (additionalProperties) yield `readonly [name: string]: ${typeOf(additionalProperties)};`;
}

function quoted(name) {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function nameOf(name) {
  return REQUESTS[name] ?? name;
}

/** Over several lines where one would be too wide. */
function comment(text) {
  const safe = text.replaceAll('*/', '*\\/');
  if (safe.length <= 104 && !safe.includes('\n')) return `/** ${safe} */\n`;
  const lines = safe.split('\n').flatMap((line) => line.match(/.{1,104}(?:\s|$)/g) ?? [line]);
  return `/**\n${lines.map((line) => ` * ${line.trimEnd()}`).join('\n')}\n */\n`;
}
