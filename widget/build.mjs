// Builds v1.js, the one file that pages load, from the modules and the style sheet: `make widget`.
// The first argument is the folder of node_modules. With --check after it nothing is written, and a
// v1.js that is not what the sources make is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [engines, check] = process.argv.slice(2);
const require = createRequire(resolve(engines, 'package.json'));
const { minify } = require('terser');
const { transform } = require('lightningcss');

const file = (name) => new URL(name, import.meta.url);
// All in one scope, so each name may be used only once. The element starts at once and comes last.
const MODULES = ['addresses.js', 'copying.js', 'server.js', 'memory.js', 'states.js',
  'surroundings.js', 'focus.js', 'dialog.js', 'preference-widget.js'];
const source = (name) => readFileSync(file(name), 'utf8')
  .replace(/^import .*$/gm, '').replace(/^export (?=const|function)/gm, '');

const code = readFileSync(file('form.css'));
const styles = transform({ filename: 'form.css', code, minify: true }).code.toString();
const parts = [`const STYLES = ${JSON.stringify(styles)};`];
parts.push(...MODULES.map(source));
const options = { module: true, ecma: 2022 };
const script = `${(await minify(parts.join('\n'), options)).code}\n`;

if (!check) writeFileSync(file('v1.js'), script);
else if (readFileSync(file('v1.js'), 'utf8') !== script) {
  console.error('widget/v1.js: it is not what its sources make; run “make widget” and commit it.');
  process.exit(1);
}
