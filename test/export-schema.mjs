/** `schemas/visitor-export.json`: the type that the export answers, and those that it is made of, by itself. */

const PLACE = '#/components/schemas/';

/** From the schemas of all answers, by the names of their types. */
export function exportSchema(answers) {
  const { description, ...root } = answers.VisitorExport;
  return inOwnPlaces({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'usher-visitor-export',
    title: 'Everything that Usher holds of one person',
    description:
      'What GET /v1/visitors/:id/export answers. One such document on a line is also a line of POST ' +
      `/v1/visitors/import. ${description}`,
    ...root,
    $defs: Object.fromEntries([...namesIn(root, answers)].sort().map((name) => [name, answers[name]])),
  });
}

/** Every type that is reached from a schema. */
function namesIn(schema, answers, names = new Set()) {
  for (const [, name] of JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    if (names.has(name)) continue;
    names.add(name);
    namesIn(answers[name], answers, names);
  }
  return names;
}

function inOwnPlaces(schema) {
  return JSON.parse(JSON.stringify(schema), (name, value) =>
    name === '$ref' ? value.replace(PLACE, '#/$defs/') : value,
  );
}
