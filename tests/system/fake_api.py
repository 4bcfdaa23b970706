# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the daemon's local API on a Unix socket (docs/api.md), whose answers a test sets."""
import http.server
import json
import os
import queue
import socketserver
import threading


def both(text, french=None):
    return {"key": "k", "en": text, "fr": french or text + " (fr)"}


def snapshot(**changes):
    """A lane's snapshot with a parcel and a unit in hand."""
    value = {
        "lane": "bench-1", "mode": "bench", "sequence": 42,
        "operator": {"id": "op-1", "name": "Ana", "lang": "en"},
        "signal": "ok", "message": both("Unit accepted", "Article accepté"),
        "next": both("Scan the label", "Scannez l'étiquette"),
        "parcel": {"code": "PX0010000001", "state": "open", "rma": "RMA-1", "scanned": "1Z999",
                   "lines": [{"line": str(n), "sku": f"SKU-{n}", "name": both(f"Product {n}", f"Produit {n}"), "qty": 2,
                              "received": n % 3} for n in range(1, 4)]},
        "unit": {"lpn": "LP0010000001", "state": "decided", "sku": "SKU-1", "name": both("Product 1", "Produit 1"),
                 "grade": "A", "verdict": "accepted", "disposition": "resell",
                 "allowed": [{"disposition": "resell", "card": "XCTLRESELLx"},
                             {"disposition": "recycle", "card": "XCTLRECYCLEx"}],
                 "trace": [{"rule": "window", "en": "12 days of 30", "fr": "12 jours sur 30"},
                           {"rule": "grade", "en": "A is resold", "fr": "A est revendu"}]},
        "label": {"kind": "unit", "code": "LP0010000001", "state": "printed", "copy": 1, "printer": "zebra"},
        "actions": [{"journal": n, "time": f"2026-11-21T10:00:{n:02}.000Z", "signal": "ok", "en": f"Action {n}",
                     "fr": f"Acte {n}"}
                    for n in range(20, 10, -1)],
    }
    value.update(changes)
    return value


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def address_string(self):
        return "unix"

    def reply(self, status, body):
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = b""
        while (size := int(self.rfile.readline(), 16)) > 0:
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def stream(self, source):
        """Sends blocks of the queue until it gives None."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b"retry: 1000\n\n")
        while (block := source.get()) is not None:
            self.wfile.write(block.encode())
            self.wfile.flush()

    def answer(self):
        api = self.server.api
        body = self.body()
        api.seen.append((self.command, self.path, dict(self.headers), body))
        key = f"{self.command} {self.path}"
        if key in api.streams:
            source = queue.Queue()
            for block in api.streams[key]:
                source.put(block)
            api.live.put((source, dict(self.headers)))
            self.stream(source)
        elif key in api.answers:
            answers = api.answers[key]
            status, value = answers.pop(0) if len(answers) > 1 else answers[0]
            self.reply(status, value)
        else:
            self.reply(404, {"error": {"code": "not_found", "message": f"nothing at {self.path}"}})

    do_GET = do_POST = answer


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *args):
        pass  # a client that goes away is part of the tests


class Api:
    """answers["GET /path"] = [(status, value), …], the last one stays; streams["GET /path"] = first blocks.

    Each opened stream arrives in live as (queue to put blocks into, request headers); seen lists every request."""

    def __init__(self, path):
        self.path, self.answers, self.streams = path, {}, {}
        self.seen, self.live = [], queue.Queue()
        self.start()

    def answer(self, request, value, status=200):
        self.answers[request] = [(status, value)]

    def start(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.server = Server(self.path, Handler)
        self.server.api = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def event(name, number, value):
    return f"event: {name}\nid: {number}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"
