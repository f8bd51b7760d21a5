"""Tornado: a coroutine for each connection."""
import asyncio
import socket
import sys

from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.tcpserver import TCPServer

BLOCK_SIZE = 16 * 1024


class Lines(TCPServer):
    async def handle_stream(self, stream, address):
        stream.set_nodelay(True)
        try:
            while True:
                await stream.write(await stream.read_until(b"\n"))
        except StreamClosedError:
            pass


class Blocks(TCPServer):
    async def handle_stream(self, stream, address):
        stream.set_nodelay(True)
        try:
            while True:
                await stream.write(await stream.read_bytes(BLOCK_SIZE))
        except StreamClosedError:
            pass


class Chat(TCPServer):
    def __init__(self):
        super().__init__()
        self.room = set()

    async def handle_stream(self, stream, address):
        stream.set_nodelay(True)
        self.room.add(stream)
        try:
            while True:
                line = await stream.read_until(b"\n")
                for member in self.room:
                    member.write(line)
        except StreamClosedError:
            self.room.discard(stream)


async def main():
    server = {"lines": Lines, "blocks": Blocks, "chat": Chat}[sys.argv[1]]()
    sockets = bind_sockets(0, "127.0.0.1", socket.AF_INET, 4096)
    server.add_sockets(sockets)
    print("listens on 127.0.0.1:%d" % sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
