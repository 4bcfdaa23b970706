# SPDX-License-Identifier: Apache-2.0
"""A small reference ERP: what can be built from a station's events alone, without calling back. It keeps RMAs, answers
ASK, books stock, refunds and customer mails, each effect once, and checks that no event is missing."""
import json
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS returns_event(stream TEXT, sequence INTEGER, id TEXT UNIQUE, type TEXT, scan TEXT,
 PRIMARY KEY(stream, sequence));
CREATE TABLE IF NOT EXISTS movement(key TEXT PRIMARY KEY, sku TEXT, qty INTEGER, from_place TEXT, to_place TEXT);
CREATE TABLE IF NOT EXISTS refund(key TEXT PRIMARY KEY, subject TEXT, rma TEXT, line TEXT, method TEXT, percent INTEGER,
 base INTEGER, amount INTEGER, adjust INTEGER, fees TEXT, scan TEXT, stands INTEGER);
CREATE TABLE IF NOT EXISTS mail(rma TEXT, line TEXT, subject TEXT, step TEXT, code TEXT, scan TEXT,
 PRIMARY KEY(rma, subject, step));
CREATE TABLE IF NOT EXISTS correction(rma TEXT, line TEXT, subject TEXT, step TEXT);
CREATE TABLE IF NOT EXISTS completed(rma TEXT PRIMARY KEY);
"""
VERDICTS = ("accepted", "rejected")  # of two, the later mail says what holds


def place(data):
    """Where goods are, as one text; None = not in stock."""
    return None if data is None else f"{data['container'] or data['location'] or ''}/{data['status']}"


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
        new = execute("INSERT OR IGNORE INTO returns_event VALUES(?, ?, ?, ?, ?)",
                      (event["stream"], int(event["sequence"]), event["id"], event["type"],
                       event["correlationid"])).rowcount == 1
        if new and event.get("kind") != "test":  # lessons count for nothing
            self.book(event["type"].removeprefix("io.returnsd.").removesuffix(".v1"), event)
        execute("COMMIT")
        return new

    def book(self, kind, event):
        data, execute = event["data"], self.database.execute
        rma, scan = data["rma"] and data["rma"]["number"], event["correlationid"]
        if kind == "stock.delta":  # the key counts: the same movement told again replaces itself
            execute("INSERT OR REPLACE INTO movement VALUES(?, ?, ?, ?, ?)",
                    (data["key"], data["unit"]["sku"] or "", data["qty"], place(data["from"]), place(data["to"])))
        elif kind == "outcome.recommended":
            self.recommended(event, rma, data)
        elif kind == "unit.regraded":  # until the new label is on it
            execute("UPDATE refund SET stands = 0 WHERE subject = ?", (event["subject"],))
        elif kind == "rma.completed":
            execute("INSERT OR IGNORE INTO completed VALUES(?)", (rma,))
        elif kind == "rma.completed.corrected":
            execute("DELETE FROM completed WHERE rma = ?", (rma,))
        if kind.endswith(".corrected"):
            self.take_back(data["corrects"])
        if kind == "unit.disposition_decided" and data["verdict"] not in VERDICTS:  # contested: a person decides again
            self.correct(event["subject"], *VERDICTS)
        if kind == "outcome.recommended" and data["method"] == "none":
            self.correct(event["subject"], "refund_recommended")
        if data["notify"] and rma:
            step = data["notify"]["step"]
            if step in VERDICTS:
                execute("DELETE FROM mail WHERE subject = ? AND step IN (?, ?)", (event["subject"], *VERDICTS))
            execute("INSERT OR REPLACE INTO mail VALUES(?, ?, ?, ?, ?, ?)",
                    (rma, data["line"], event["subject"], step, data["notify"]["code"], scan))

    def recommended(self, event, rma, data):
        self.database.execute("DELETE FROM refund WHERE key = ?", (data["supersedes"],))
        self.database.execute(
            "INSERT OR REPLACE INTO refund VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (data["key"], event["subject"], rma, data["line"], data["method"], data["percent"], data["base"]["amount"],
             data["amount"], data["adjust"] and data["adjust"]["amount"], json.dumps(data["fees"]), event["correlationid"]))

    def correct(self, subject, *steps):
        """What the customer was told does not hold any more: a mail of its own says so."""
        execute = self.database.execute
        what = f"FROM mail WHERE subject = ? AND step IN ({', '.join('?' * len(steps))})"
        execute(f"INSERT INTO correction SELECT rma, line, subject, step {what}", (subject, *steps))
        execute(f"DELETE {what}", (subject, *steps))

    def take_back(self, event_id):
        """A correction takes the whole scan back: what was recommended by it, and mails that it made ready."""
        execute = self.database.execute
        row = execute("SELECT scan FROM returns_event WHERE id = ?", (event_id,)).fetchone()
        if row:  # else it is of before our time
            execute("UPDATE refund SET stands = 0 WHERE scan = ?", row)
            execute("DELETE FROM mail WHERE scan = ?", row)

    # ---- the books ----

    def stock(self):
        """Pieces by (sku, place), without what is zero."""
        rows = self.database.execute(
            "SELECT sku, place, sum(n) FROM (SELECT sku, to_place AS place, qty AS n FROM movement UNION ALL"
            " SELECT sku, from_place, -qty FROM movement) WHERE place IS NOT NULL GROUP BY 1, 2 HAVING sum(n) <> 0")
        return {(sku, where): count for sku, where, count in rows}

    def refunds(self):
        """What is to be recommended now: {key: (rma, line, base, amount after fees, to take back of what was paid)}."""
        rows = self.database.execute("SELECT key, rma, line, base, amount, coalesce(adjust, 0) FROM refund WHERE stands")
        return {key: tuple(rest) for key, *rest in rows}

    def fees(self):
        """Each fee that a standing recommendation bears: [(rma, key, fee, amount)], sorted."""
        rows = self.database.execute("SELECT rma, key, fees FROM refund WHERE stands")
        return sorted((rma, key, fee["id"], fee["amount"]) for rma, key, fees in rows for fee in json.loads(fees))

    def mails(self):
        """{(rma, line, step): count}: what each customer is told; line None = of the parcel or the whole return."""
        rows = self.database.execute("SELECT rma, line, step, count(*) FROM mail GROUP BY 1, 2, 3")
        return {(rma, line, step): count for rma, line, step, count in rows}

    def corrections(self):
        """{(rma, line, step): count}: mails that were taken back by another one."""
        rows = self.database.execute("SELECT rma, line, step, count(*) FROM correction GROUP BY 1, 2, 3")
        return {(rma, line, step): count for rma, line, step, count in rows}

    def fees_twice(self):
        """Fees of a whole return or of a line that two standing recommendations bear: [(rma, line or None, fee)]."""
        rows = self.database.execute("SELECT rma, line, fees FROM refund WHERE stands").fetchall()
        borne = [(rma, line if fee["per"] == "line" else None, fee["id"]) for rma, line, fees in rows
                 for fee in json.loads(fees) if fee["per"] != "unit"]
        return sorted(one for one in set(borne) if borne.count(one) > 1)

    def completed(self):
        return {rma for rma, in self.database.execute("SELECT rma FROM completed")}

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
