# SPDX-License-Identifier: Apache-2.0
"""A small reference ERP: what can be built from a station's events alone, without calling back. It keeps RMAs, answers
ASK, books stock, refunds and customer mails, each effect once, and checks that no event is missing."""
import json
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS returns_event(stream TEXT, sequence INTEGER, id TEXT, type TEXT, PRIMARY KEY(stream, sequence));
CREATE TABLE IF NOT EXISTS movement(key TEXT PRIMARY KEY, sku TEXT, qty INTEGER, from_place TEXT, to_place TEXT);
CREATE TABLE IF NOT EXISTS refund(key TEXT PRIMARY KEY, rma TEXT, line TEXT, method TEXT, amount INTEGER, fees INTEGER);
CREATE TABLE IF NOT EXISTS mail(rma TEXT, subject TEXT, step TEXT, code TEXT, PRIMARY KEY(rma, subject, step));
CREATE TABLE IF NOT EXISTS completed(rma TEXT PRIMARY KEY);
"""


def place(data):
    return None if data is None else f"{data['location'] or ''}/{data['status']}"


class Erp:
    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript(SCHEMA)
        self.rmas = {}  # by any value that is on the parcel

    # ---- one event, one transaction ----

    def handle(self, event):
        """Books an event; False if it was booked before."""
        execute = self.database.execute
        execute("BEGIN IMMEDIATE")
        new = execute("INSERT OR IGNORE INTO returns_event VALUES(?, ?, ?, ?)",
                      (event["stream"], int(event["sequence"]), event["id"], event["type"])).rowcount == 1
        if new:
            self.book(event["type"].removeprefix("io.returnsd.").removesuffix(".v1"), event)
        execute("COMMIT")
        return new

    def book(self, kind, event):
        data, execute = event["data"], self.database.execute
        rma = data["rma"] and data["rma"]["number"]
        if kind == "stock.delta":  # the key counts: the same movement told again replaces itself
            execute("INSERT OR REPLACE INTO movement VALUES(?, ?, ?, ?, ?)",
                    (data["key"], data["unit"]["sku"], data["qty"], place(data["from"]), place(data["to"])))
        elif kind == "outcome.recommended":
            if data["supersedes"]:
                execute("DELETE FROM refund WHERE key = ?", (data["supersedes"],))
            execute("INSERT OR REPLACE INTO refund VALUES(?, ?, ?, ?, ?, ?)",
                    (data["key"], rma, data["line"], data["method"], data["amount"] or 0,
                     sum(fee["amount"] for fee in data["fees"] or [])))
        elif kind == "rma.completed":
            execute("INSERT OR IGNORE INTO completed VALUES(?)", (rma,))
        elif kind == "rma.completed.corrected":
            execute("DELETE FROM completed WHERE rma = ?", (rma,))
        if data.get("notify") and rma:
            execute("INSERT OR IGNORE INTO mail VALUES(?, ?, ?, ?)",
                    (rma, event["subject"], data["notify"]["step"], data["notify"]["code"]))

    # ---- the books ----

    def stock(self):
        """Pieces by (sku, place), without what is zero."""
        rows = self.database.execute(
            "SELECT sku, place, sum(n) FROM (SELECT sku, to_place AS place, qty AS n FROM movement UNION ALL"
            " SELECT sku, from_place, -qty FROM movement) WHERE place IS NOT NULL GROUP BY 1, 2 HAVING sum(n) <> 0")
        return {(sku, where): count for sku, where, count in rows}

    def missing(self):
        """Gaps in the sequences of each stream: (stream, events, lowest, highest)."""
        return self.database.execute(
            "SELECT stream, count(*), min(sequence), max(sequence) FROM returns_event GROUP BY stream"
            " HAVING count(*) <> max(sequence) - min(sequence) + 1").fetchall()

    # ---- the link ----

    def answer(self, consumer, request, question):
        for value in json.loads(question)["values"]:
            if value["value"] in self.rmas:
                consumer.send("ANSWER", request, json.dumps({"found": self.rmas[value["value"]]}))
                return
        consumer.send("ANSWER", request, '{"found":null}')

    def follow(self, consumer, until):
        """Reads with a Consumer until (stream, sequence) is booked; the streams that were announced, in order."""
        streams = [consumer.open()["stream"]]
        upto = -1
        while (streams[-1], upto) < until or streams[-1] != until[0]:
            verb, *frames = consumer.hear()
            if verb == "EVT":
                self.handle(json.loads(frames[3]))
                upto = int(frames[1])
                consumer.send("ACK", upto)
            elif verb == "OPENED":
                streams.append(json.loads(frames[0])["stream"])
                upto = -1
            elif verb == "IDLE":
                upto = int(frames[0])
                consumer.send("ACK", upto)
                consumer.send("PING")
            elif verb == "ASK":
                self.answer(consumer, frames[0], frames[2])
            else:
                raise RuntimeError(f"{verb} {frames}")
        return streams
