// SPDX-License-Identifier: Apache-2.0
// Every shipped label, and one with the symbols none of them has, through a renderer and decoders that are not ours:
// labels_test.mjs LABEL_SAMPLES TEMPLATES… ; COUNT labels of each (60), half at 203 and half at 300 dpi. Each must hold
// exactly the symbols it should. MODULES = where `npm ci` was run.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads';
import {damaged} from './damage.mjs';
import {difference, dmtx, drawPreview, expected, expectedLinear, expectedMatrix, openReaders, zbar} from './readers.mjs';

const WORKERS = 2;
const BATCH = 20;      // pictures for one zbarimg
const DMTX_EVERY = 9;  // it is slow; odd, so that both resolutions come up
const counts = {labels: 0, rendered: 0, previews: 0, zbar: 0, dmtx: 0, damaged: 0};
const problems = [];

function check(label, what, wanted, found)
{
    const wrong = difference(wanted, found);
    if (wrong)
        problems.push(`${label.stem} (${label.facts.dpi} dpi): ${what}: ${wrong}`);
}

function load(stem)
{
    return {
        stem,
        facts: JSON.parse(fs.readFileSync(stem + '.json')),
        zpl: fs.readFileSync(stem + '.zpl', 'utf8'),
        rendered: stem + '.rendered.png',
        preview: stem + '.preview.png',
    };
}

async function checkOne(readers, label, number)
{
    const wanted = expected(label.facts);
    const png = await readers.render(label.zpl, label.facts);
    fs.writeFileSync(label.rendered, png);
    check(label, 'rendered', wanted, await readers.decode(png));
    await drawPreview(label.stem + '.svg', label.facts, label.preview);
    check(label, 'preview', wanted, await readers.decode(fs.readFileSync(label.preview)));
    counts.labels++, counts.rendered++, counts.previews++;
    if (number % DMTX_EVERY === 0 && expectedMatrix(label.facts).length === 1) {
        check(label, 'dmtxread', expectedMatrix(label.facts), await dmtx(label.rendered));
        counts.dmtx++;
    }
}

async function checkLinear(labels)
{
    for (let first = 0; first < labels.length; first += BATCH) {
        const batch = labels.slice(first, first + BATCH);
        const found = await zbar(batch.map(label => label.rendered));
        for (const label of batch)
            check(label, 'zbarimg', expectedLinear(label.facts), found.get(label.rendered));
        counts.zbar += batch.length;
    }
}

// A check that cannot fail is none: each kind of damage to each kind of label must be seen.
async function checkDamage(readers, label)
{
    for (const [what, zpl] of damaged(label.zpl)) {
        const found = await readers.decode(await readers.render(zpl, label.facts));
        if (!difference(expected(label.facts), found))
            problems.push(`${label.stem}: ${what}, and nobody noticed`);
        counts.damaged++;
    }
    const other = {symbols: label.facts.symbols.map(symbol => ({...symbol, text: symbol.text + '0'}))};
    if (!difference(expected(other), await readers.decode(await readers.render(label.zpl, label.facts))))
        problems.push(`${label.stem}: another label's text, and nobody noticed`);
    counts.damaged++;
}

async function work({modules, stems})
{
    const readers = await openReaders(modules);
    const labels = stems.map(load);
    for (const [number, label] of labels.entries())
        await checkOne(readers, label, number);
    await checkLinear(labels);
    for (const label of labels.filter(({stem, facts}) => /-00[01]$/.test(stem) && facts.symbols.length > 0))
        await checkDamage(readers, label);
    parentPort.postMessage({counts, problems});
    parentPort.close();
}

function share(stems, part)
{
    const labels = stems.filter((stem, index) => (index >> 1) % WORKERS === part);
    return new Promise((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), {workerData: {modules: process.env.MODULES, stems: labels}});
        worker.once('message', resolve);
        worker.once('error', reject);
    });
}

async function main([program, ...folders])
{
    const started = Date.now();
    const work = fs.mkdtempSync(path.join(os.tmpdir(), 'returnsd-labels-'));
    for (const folder of folders)
        execFileSync(program, [folder, process.env.COUNT ?? '60', work], {stdio: 'inherit'});
    const stems = fs.readdirSync(work).filter(file => file.endsWith('.json')).sort().map(file => path.join(work, file.slice(0, -5)));
    const kinds = new Set(stems.map(stem => path.basename(stem).replace(/-\d+$/, '')));
    const parts = await Promise.all(Array.from({length: WORKERS}, (_, part) => share(stems, part)));
    const wrong = parts.flatMap(part => part.problems);
    const sum = name => parts.reduce((total, part) => total + part.counts[name], 0);
    wrong.forEach(text => console.log(text));
    console.log(`${kinds.size} kinds, ${sum('labels')} labels; rendered and decoded ${sum('rendered')}, previews ${sum('previews')}, ` +
                `zbarimg ${sum('zbar')}, dmtxread ${sum('dmtx')}, damaged ones refused ${sum('damaged')}; ` +
                `${wrong.length} problems, ${Math.round((Date.now() - started) / 1000)} s`);
    if (wrong.length > 0 || sum('labels') !== stems.length || stems.length === 0 || sum('damaged') === 0) {
        console.log(`pictures are kept in ${work}`);
        process.exit(1);
    }
    fs.rmSync(work, {recursive: true});
}

if (isMainThread)
    await main(process.argv.slice(2));
else
    await work(workerData);
