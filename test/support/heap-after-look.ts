/** Looks once and then writes what a crash would leave behind: Node's diagnostic report and a heap snapshot. */
import { writeFileSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';
import { lookAt } from './aim-at.ts';

const [port, caPath, certPath, keyPath, directory] = process.argv.slice(2);
if (!port || !caPath || !certPath || !keyPath || !directory) throw new Error('five arguments');

await lookAt({ port: Number(port), credential: { caPath, certPath, keyPath } });
writeFileSync(`${directory}/report.json`, JSON.stringify(process.report.getReport()));
writeHeapSnapshot(`${directory}/heap.heapsnapshot`);
