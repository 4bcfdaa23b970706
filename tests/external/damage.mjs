// SPDX-License-Identifier: Apache-2.0
// Labels that must not pass: the negative control of the check.
const SYMBOL = /\^FO(\d+),(\d+)\^GFA,(\d+),\d+,(\d+),([^^]*)\^FS/g;

function symbolsOf(zpl)
{
    return [...zpl.matchAll(SYMBOL)].map(([field, x, y, total, row, data]) => ({
        field, data, x: +x, y: +y, width: 8 * row, height: total / row,
        linear: /^[^:]*:*$/.test(data),
    }));
}

// The dots of the first row, as "0" and "1".
function firstRow({data, width})
{
    const count = letters => [...letters].reduce((sum, letter) =>
        sum + (letter >= 'g' ? 20 * (letter.charCodeAt(0) - 102) : letter.charCodeAt(0) - 70), 0) || 1;
    return [...data.matchAll(/([g-zG-Y]*)([0-9A-F])/g)]
        .map(([, letters, digit]) => parseInt(digit, 16).toString(2).padStart(4, '0').repeat(count(letters)))
        .join('').padEnd(width, '0');
}

// One module in the middle of the bars, the other way round.
function flipped(zpl, symbol)
{
    const row = firstRow(symbol);
    const module = Math.min(...row.replace(/0+$/, '').match(/0+|1+/g).map(run => run.length));
    const at = module * Math.floor(row.length / module / 2);
    const other = row[at] === '0' ? '1' : '0';
    const broken = row.slice(0, at) + other.repeat(module) + row.slice(at + module);
    const digits = broken.match(/..../g).map(four => parseInt(four, 2).toString(16).toUpperCase()).join('');
    return zpl.replace(symbol.data, () => digits + ':'.repeat(symbol.height - 1));
}

// A white box over the right half, as torn off.
function cut(zpl, {x, y, width, height})
{
    const half = width >> 1;
    return zpl.replace('^XZ', `^FO${x + half},${y}^GB${half},${height},${half},W,0^FS^XZ`);
}

// [what was done, the damaged label] …
export function damaged(zpl)
{
    const symbols = symbolsOf(zpl);
    return symbols.flatMap((symbol, number) => [
        ...(symbol.linear ? [[`bars of symbol ${number} flipped`, flipped(zpl, symbol)]] : []),
        [`symbol ${number} cut`, cut(zpl, symbol)],
        [`symbol ${number} missing`, zpl.replace(symbol.field, () => '')],
    ]);
}
