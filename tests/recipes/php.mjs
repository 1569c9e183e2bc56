// Runs PHP that comes on the standard input, with the real interpreter built for WebAssembly.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const module = (name) => import(pathToFileURL(`${process.argv[2]}/@php-wasm/${name}/index.js`));
const [{ PHP, loadPHPRuntime }, { getPHPLoaderModule }] = [await module('universal'), await module('node-8-3')];
const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
const said = await php.run({ code: readFileSync(0, 'utf8') });
process.stdout.write(said.text);
process.stderr.write(said.errors);
process.exit(said.errors ? 1 : 0);
