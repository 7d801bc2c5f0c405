/**
 * Makes one small script of modules, by swc alone, as the service is built: docs/decisions/0016-swc-alone-builds-the-service.md.
 * The modules import each other by name, relatively and without circles; then one after the other, without their
 * imports and exports, they are one module, as long as no two use a name twice. What does not fit is refused.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const TARGET = 'es2021';
const COMMENT = /^(?:\/\*\*[^]*?\*\/\s*)+/gm;
const IMPORT = /^import \{[^}]*\} from ["'](\.\/[\w-]+)\.js["'];$/gm;
const EXPORT = /^export (?=(?:async |const |function |class ))/gm;
const DECLARED = /^(?:async )?(?:const|let|class|function) (\w+)/gm;

/**
 * The module `entry` with all that it imports: with `exported` an ES module that exports these names, without a script.
 */
export async function bundle(swc, entry, exported) {
  const parts = new Map();
  await gather(swc, entry, parts);
  const body = [...parts.values()].join('\n');
  refuseRepeated(body);
  const source = exported ? `${body}\nexport { ${exported.join(', ')} };` : `(() => {\n${body}\n})();`;
  const { code } = await swc.minify(source, {
    module: exported !== undefined,
    // Smaller when it is packed: what is inlined is written twice.
    compress: { ecma: 2021, passes: 3, toplevel: true, unsafe_arrows: true, inline: 0, reduce_funcs: false },
    mangle: { toplevel: true },
    format: { comments: false },
    ecma: 2021,
  });
  return code;
}

/** Each after those that it imports. */
async function gather(swc, file, parts) {
  if (parts.has(file)) return;
  parts.set(file, '');
  const { code } = await swc.transform(await readFile(file, 'utf8'), {
    configFile: false,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: TARGET, preserveAllComments: false },
    module: { type: 'es6' },
  });
  const own = code.replace(COMMENT, '');
  for (const [, name] of own.matchAll(IMPORT)) await gather(swc, join(dirname(file), `${name}.ts`), parts);
  parts.delete(file);
  const bare = own.replace(IMPORT, '').replace(EXPORT, '');
  if (/^(import|export)\b/m.test(bare)) throw new Error(`${file}: imports and exports by name alone can be bundled`);
  parts.set(file, bare);
}

function refuseRepeated(body) {
  const names = [...body.matchAll(DECLARED)].map(([, name]) => name);
  const repeated = names.filter((name, at) => names.indexOf(name) !== at);
  if (repeated.length > 0)
    throw new Error(`two modules declare ${repeated.join(', ')}: one of them needs another name`);
}
