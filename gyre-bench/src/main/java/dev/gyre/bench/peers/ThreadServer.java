package dev.gyre.bench.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// The JDK alone: a virtual thread for each connection, which blocks in its socket. The runner
/// gives them one carrier. Echoes go out together when there is nothing left to read.
public final class ThreadServer {

    private static final int BACKLOG_MAX = 4096;

    private final Service service;
    private final Set<Socket> room = ConcurrentHashMap.newKeySet();

    private ThreadServer(Service service) {
        this.service = service;
    }

    public static void main(String[] arguments) throws IOException {
        new ThreadServer(Service.of(arguments[0])).run();
    }

    private void run() throws IOException {
        SSLContext tls = service == Service.TLS ? KeyStoreFile.serverContext() : null;
        try (ServerSocket listener = new ServerSocket()) {
            InetSocketAddress address = Announcement.anyPort();
            listener.bind(address, BACKLOG_MAX);
            Announcement.print(listener.getLocalPort());
            while (true) {
                Socket accepted = listener.accept();
                room.add(accepted);
                Thread.startVirtualThread(() -> serve(accepted, tls));
            }
        }
    }

    private void serve(Socket accepted, @Nullable SSLContext tls) {
        try (Socket socket = secured(accepted, tls)) {
            socket.setTcpNoDelay(true);
            switch (service) {
                case BLOCKS -> echoBlocks(socket);
                case LINES, TLS -> echoLines(socket);
                case CHAT -> chat(socket);
            }
        } catch (IOException e) {
            // A client that resets its connection ends it, as one that closes does.
        } finally {
            room.remove(accepted);
        }
    }

    private static Socket secured(Socket accepted, @Nullable SSLContext tls) throws IOException {
        if (tls == null) {
            return accepted;
        }
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(accepted, null, true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static void echoBlocks(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] block = new byte[Service.BLOCK_SIZE];
        while (in.readNBytes(block, 0, block.length) == block.length) {
            out.write(block);
        }
    }

    private static void echoLines(Socket socket) throws IOException {
        OutputStream out =
                new BufferedOutputStream(socket.getOutputStream(), Service.LINE_BYTES_MAX);
        LineReader lines = new LineReader(socket.getInputStream());
        while (lines.next(out)) {
            lines.writeTo(out);
        }
    }

    private void chat(Socket socket) throws IOException {
        LineReader lines = new LineReader(socket.getInputStream());
        while (lines.next(OutputStream.nullOutputStream())) {
            for (Socket member : room) {
                lines.writeTo(member.getOutputStream());
            }
        }
    }

    /// Splits what a stream brings into lines.
    private static final class LineReader {

        private final InputStream in;
        private final byte[] bytes = new byte[Service.LINE_BYTES_MAX];

        /// The current line is from `start` to `next`; what was read ends at `end`.
        private int start;

        private int next;
        private int end;

        LineReader(InputStream in) {
            this.in = in;
        }

        /// Goes on to the next line, and returns whether there is one. Flushes `out` if that means
        /// to wait.
        boolean next(OutputStream out) throws IOException {
            start = next;
            int at = start;
            while (true) {
                for (; at < end; at++) {
                    if (bytes[at] == '\n') {
                        next = at + 1;
                        return true;
                    }
                }
                out.flush();
                at -= start;
                if (!fill()) {
                    return false;
                }
            }
        }

        private boolean fill() throws IOException {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
            if (end == bytes.length) {
                throw new IOException("the line is too long");
            }
            int count = in.read(bytes, end, bytes.length - end);
            end += Math.max(count, 0);
            return count > 0;
        }

        void writeTo(OutputStream out) throws IOException {
            out.write(bytes, start, next - start);
        }
    }
}
