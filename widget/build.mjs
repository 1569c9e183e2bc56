// Makes v1.js, the one file that pages load, of its sources: `make widget`.
// The first argument is the folder that node_modules lies in; with --check after it nothing is written,
// and a v1.js that is not what the sources make is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [engines, check] = process.argv.slice(2);
const require = createRequire(resolve(engines, 'package.json'));
const { minify } = require('terser');
const { transform } = require('lightningcss');

const file = (name) => new URL(name, import.meta.url);
const source = (name) => readFileSync(file(name), 'utf8')
  .replace(/^import .*$/gm, '').replace(/^export (?=const|function)/gm, '');

const code = readFileSync(file('form.css'));
const styles = transform({ filename: 'form.css', code, minify: true }).code.toString();
const parts = [`const STYLES = ${JSON.stringify(styles)};`];
parts.push(...['copying.js', 'surroundings.js', 'preference-widget.js'].map(source));
const compress = { passes: 3, pure_getters: true, reduce_vars: false }; // seen to be smallest
const options = { module: true, ecma: 2022, compress };
const made = `${(await minify(parts.join('\n'), options)).code}\n`;

if (!check) writeFileSync(file('v1.js'), made);
else if (readFileSync(file('v1.js'), 'utf8') !== made) {
  console.error('widget/v1.js: it is not what its sources make; run “make widget” and commit it.');
  process.exit(1);
}
