// Builds the pages of test_frameworks.py as their authors would: TypeScript and JSX by esbuild, and the
// single-file component by Vue's own compiler. In: folder of modules, folder of sources. Out: files there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , modules, folder] = process.argv;
const require = createRequire(join(modules, 'vue/package.json'));
const { parse, compileScript } = require('vue/compiler-sfc');
const esbuild = require('esbuild');

const compilerOptions = { isCustomElement: (tag) => tag === 'preference-widget' };
const vue = {
  name: 'vue',
  setup: (build) => build.onLoad({ filter: /\.vue$/ }, ({ path }) => {
    const templateParseOptions = compilerOptions;
    const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path, templateParseOptions });
    const options = { id: 'test', inlineTemplate: true, templateOptions: { compilerOptions } };
    return { contents: compileScript(descriptor, options).content, loader: 'ts' };
  }),
};
await esbuild.build({
  entryPoints: [join(folder, 'react.tsx'), join(folder, 'vue.ts')],
  outdir: folder,
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  nodePaths: [modules],
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'error',
  plugins: [vue],
});
