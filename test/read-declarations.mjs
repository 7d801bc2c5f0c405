/** Reads what is declared in `src/`, so that nothing need be built before. */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

registerHooks({ resolve, load });

/** The exports of a file of `src/`, named without its ending; what it imports is read the same way. */
export function declared(file) {
  return import(new URL(`../src/${file}.ts`, import.meta.url).href);
}

/** Sources import each other by the names that they have once they are built. */
function resolve(specifier, context, next) {
  const source = specifier.startsWith('.') ? new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL) : undefined;
  return source && existsSync(source) ? { url: source.href, shortCircuit: true } : next(specifier, context);
}

function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext };
  const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), { compilerOptions });
  return { format: 'module', source: outputText, shortCircuit: true };
}
