"""A small mail server for the tests: as much of IMAP4rev1 (RFC 3501), MOVE and UIDPLUS as a mailbox
needs."""

import re
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.send("* OK [CAPABILITY IMAP4rev1] ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.server.said.append(re.sub(r"LOGIN .*", "LOGIN ...", command))
            if not self.answer(tag, command):
                return

    def send(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, tag, command):
        box, name = self.server, command.upper()
        if name.startswith("LOGOUT"):
            self.send("* BYE")
        elif name.startswith("CAPABILITY"):
            self.send(f"* CAPABILITY IMAP4rev1 {box.extensions}")
        elif name.startswith("LOGIN") and command != f'LOGIN {box.user} "{box.password}"':
            self.send(f"{tag} NO wrong")
            return True
        elif name.startswith("SELECT"):
            self.send(f"* {len(box.inbox)} EXISTS")
        elif name.startswith("UID SEARCH"):
            self.send(
                "* SEARCH " + " ".join(str(uid) for uid in box.inbox if uid not in box.deleted)
            )
        elif name.startswith("UID FETCH"):
            self.fetch(int(command.split()[2]), command)
        elif name.startswith(("UID MOVE", "UID COPY")):
            uid = int(command.split()[2])
            if box.fail_moves:
                self.connection.close()
                return False
            box.done.append(box.inbox[uid])
            if "MOVE" in name:
                del box.inbox[uid]
        elif name.startswith("UID STORE"):
            box.deleted.add(int(command.split()[2]))
        elif name.startswith("UID EXPUNGE"):
            box.inbox.pop(int(command.split()[2]), None)
        self.send(f"{tag} OK done")
        return not name.startswith("LOGOUT")

    def fetch(self, uid, command):
        raw = self.server.inbox.get(uid)
        if raw is None:
            return
        part = re.search(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>", command)
        if not part:
            self.send(
                f'* 1 FETCH (UID {uid} INTERNALDATE "29-Jun-2026 09:00:00 +0100" RFC822.SIZE '
                f"{len(raw)})"
            )
            return
        start, size = int(part[1]), int(part[2])
        piece = raw[start : start + size]
        self.wfile.write(
            f"* 1 FETCH (UID {uid} BODY[]<{start}> {{{len(piece)}}}\r\n".encode() + piece + b")\r\n"
        )


class MailServer(socketserver.ThreadingTCPServer):
    """`with MailServer(messages) as server:`; its mailbox is at `server.url`."""

    allow_reuse_address, daemon_threads = True, True
    user, password = "shop", "let me in"

    def __init__(self, messages, extensions="MOVE UIDPLUS"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.inbox = dict(enumerate(messages, start=7))
        self.extensions, self.done, self.deleted, self.said, self.fail_moves = (
            extensions,
            [],
            set(),
            [],
            False,
        )

    def __enter__(self):
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        self.thread.join()
        self.server_close()

    @property
    def url(self):
        return (
            f"imap://{self.user}:let%20me%20in@127.0.0.1:{self.server_address[1]}/INBOX?done=Done"
        )
