#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Books a station's events in SQLite, each effect exactly once: books.mjs ENDPOINT DATABASE [STATION-KEY KEY-FILE]
// npm install zeromq node-sqlite3-wasm. Keys as for books.py.
import { readFileSync } from "node:fs";
import { Dealer } from "zeromq";
import sqlite from "node-sqlite3-wasm";

const [endpoint, path, stationKey, keyFile] = process.argv.slice(2);
const database = new sqlite.Database(path);
database.exec(`CREATE TABLE IF NOT EXISTS returns_event(stream, sequence INTEGER, event, PRIMARY KEY(stream, sequence));
CREATE TABLE IF NOT EXISTS tally(type PRIMARY KEY, count)`);

function book(event) { // the effect, in the transaction that remembers the event: yours goes here
  const row = [event.stream, Number(event.sequence), JSON.stringify(event)];
  if (database.run("INSERT OR IGNORE INTO returns_event VALUES(?, ?, ?)", row).changes)
    database.run("INSERT INTO tally VALUES(?, 1) ON CONFLICT DO UPDATE SET count = count + 1", [event.type]);
}

for (;;) {
  const socket = new Dealer({ linger: 0, receiveTimeout: 12000 });
  if (stationKey) {
    const [pub, secret] = readFileSync(keyFile, "ascii").trim().split("\n").map((line) => line.split(" = ")[1]);
    Object.assign(socket, { curveServerKey: stationKey, curvePublicKey: pub, curveSecretKey: secret });
  }
  socket.connect(endpoint);
  await socket.send(["OPEN", JSON.stringify({ v: 1, consumer: "books", from: "cursor" })]);
  for (let verb = ""; verb !== "ERR";) { // 12 s of silence end it as an error does
    const [first, ...frames] = (await socket.receive().catch(() => ["ERR", "NOSESSION"])).map(String);
    verb = first;
    if (verb === "EVT") database.exec("BEGIN"), book(JSON.parse(frames[3])), database.exec("COMMIT");
    if (verb === "EVT" || verb === "IDLE") await socket.send(["ACK", frames[verb === "EVT" ? 1 : 0]]);
    if (verb === "IDLE") await socket.send("PING");
    if (verb === "ERR" && frames[0] !== "NOSESSION") throw new Error(frames.join(": "));
  }
  socket.close();
}
