// Node: splits what comes into lines or blocks; what one read answers goes out in one write.
'use strict';
const net = require('net');

const BLOCK_SIZE = 16 * 1024;
const NEWLINE = 10;
const service = process.argv[2];
const room = new Set();

function frameEnd(bytes, from) {
  if (service === 'blocks') {
    return bytes.length - from < BLOCK_SIZE ? 0 : from + BLOCK_SIZE;
  }
  return bytes.indexOf(NEWLINE, from) + 1;
}

function answer(socket, frame) {
  if (service === 'chat') {
    room.forEach(member => member.write(frame));
  } else {
    socket.write(frame);
  }
}

function serve(socket) {
  let rest = null;
  room.add(socket);
  socket.setNoDelay(true);
  socket.on('data', chunk => {
    const bytes = rest === null ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    socket.cork();
    for (let end = frameEnd(bytes, from); end > 0; end = frameEnd(bytes, from)) {
      answer(socket, bytes.subarray(from, end));
      from = end;
    }
    socket.uncork();
    rest = from === bytes.length ? null : bytes.subarray(from);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => room.delete(socket));
}

const server = net.createServer(serve);
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  console.log('listens on 127.0.0.1:' + server.address().port);
});
