// SPDX-License-Identifier: Apache-2.0
// A renderer of ZPL and decoders that share no code with ours. modules = the folder that `npm ci` filled.
import {webcrypto} from 'node:crypto';
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {promisify} from 'node:util';

globalThis.crypto ??= webcrypto; // Node.js 18 has it under another name, and the renderer asks for it

const run = promisify(execFile);
const BIG = {maxBuffer: 1 << 26};
// The AIM identifier that a scanner sends in front of what each macro of a template prints.
const IDENTIFIERS = {'code128': ']C0', 'gs1-128': ']C1', 'dm': ']d1', 'gs1dm': ']d2', 'qr': ']Q1'};
const LEAST_LINES = 8; // 1 mm of bars: two rows of dots through "WWWWW" pass for an EAN by chance
const LINEAR = ['code128', 'gs1-128'];
const MATRIX = ['dm', 'gs1dm'];

export const expected = facts => facts.symbols.map(symbol => `${IDENTIFIERS[symbol.kind]} ${symbol.text}`).sort();
export const expectedLinear = facts => texts(facts, LINEAR);
// dmtxread -G29 puts a GS in front of GS1 data.
export const expectedMatrix = facts =>
    facts.symbols.filter(symbol => MATRIX.includes(symbol.kind))
        .map(symbol => (symbol.kind === 'gs1dm' ? '\x1d' : '') + symbol.text);

function texts(facts, kinds)
{
    return facts.symbols.filter(symbol => kinds.includes(symbol.kind)).map(symbol => symbol.text).sort();
}

// What differs, or null.
export function difference(wanted, found)
{
    const [left, right] = [wanted, found].map(list => JSON.stringify([...list].sort()));
    return left === right ? null : `wanted ${left}, found ${right}`;
}

export async function openReaders(modules)
{
    const require = createRequire(modules + '/');
    const {api} = await require('zpl-renderer-js').ready;
    const zxing = require('zxing-wasm/reader');
    const wasm = fs.readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
    zxing.prepareZXingModule({overrides: {wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length)}});

    // The very bytes, as a PNG with one pixel a dot.
    async function render(zpl, facts)
    {
        const dots = facts.dpi === 203 ? 8 : 12;
        return Buffer.from(await api.zplToBase64Async(zpl, facts.width / dots, facts.height / dots, dots), 'base64');
    }

    // Every symbol of every kind, as "identifier text".
    async function decode(png)
    {
        const options = {tryHarder: true, tryRotate: false, tryInvert: false, tryDownscale: false, textMode: 'Plain',
                         maxNumberOfSymbols: 0, minLineCount: LEAST_LINES};
        const found = await zxing.readBarcodes(new Uint8Array(png), options);
        return found.map(symbol => `${symbol.symbologyIdentifier} ${symbol.text}`);
    }
    return {render, decode};
}

// Our own preview as a PNG with one pixel a dot.
export async function drawPreview(svg, facts, png)
{
    await run('rsvg-convert', ['-w', facts.width, '-h', facts.height, '-b', 'white', '-o', png, svg]);
}

// path → the texts of its Code 128 symbols.
export async function zbar(paths)
{
    const {stdout} = await run('zbarimg', ['-q', '--nodbus', '--xml', '-Sdisable', '-Scode128.enable', ...paths], BIG)
        .catch(error => error); // 4 = some picture has none
    const found = new Map(paths.map(path => [path, []]));
    for (const [, path, body] of stdout.matchAll(/<source href='([^']*)'>(.*?)<\/source>/gs))
        for (const [, text] of body.matchAll(/<data><!\[CDATA\[(.*?)\]\]><\/data>/gs))
            found.get(path).push(text);
    return found;
}

// The text of the first Data Matrix of a picture.
export async function dmtx(path)
{
    const {stdout} = await run('dmtxread', ['-n', '-N1', '-G29', '-m120000', path]).catch(error => error);
    return stdout.split('\n').filter(line => line !== '');
}
