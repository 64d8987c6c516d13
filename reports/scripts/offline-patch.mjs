// Two changes to Evidence, made after `npm ci`; docs/reports.md says more. Fails when it finds neither what it changes
// nor its own mark, so that an upgrade of Evidence cannot pass unseen.
import { readFileSync, writeFileSync } from 'node:fs';

const evidence = new URL('../node_modules/@evidence-dev/', import.meta.url);
const mark = 'left out by Cloudtally';

function change(name, found, times, replacement) {
	const file = new URL(name, evidence);
	const code = readFileSync(file, 'utf8');
	if (code.includes(mark)) return;
	if (code.match(found)?.length !== times) {
		console.error(`@evidence-dev/${name} has changed: reports/scripts/offline-patch.mjs fits it no more`);
		process.exit(1);
	}
	writeFileSync(file, code.replace(found, replacement));
}

// The SQL engine for the browser is pinned to the last one that reads Parquet by itself; newer ones fetch an extension
// from a server. That one lacks two settings, which only make newer ones behave as it does.
const setting = /^(\s*)await connection\.query\('SET (\w+) = \w+;'\);$/gm;
for (const name of ['browser.js', 'node.js']) {
	change(`universal-sql/src/client-duckdb/${name}`, setting, 2, `$1// ${mark}: $2`);
}

// The form that adds a data source, which a built site has not, brings three thousand logos to every page: 1.9 MB.
const logos = /^(\s*)import \* as simpleIcons from '@steeze-ui\/simple-icons';$/gm;
for (const name of ['SourceConfigRow.svelte', 'NewSourceForm.svelte']) {
	change(`core-components/dist/organisms/source-config/${name}`, logos, 1, `$1const simpleIcons = {}; // ${mark}`);
}
