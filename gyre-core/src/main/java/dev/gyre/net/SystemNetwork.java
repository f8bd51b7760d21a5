package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The network of the operating system.
final class SystemNetwork implements Network {

    @Override
    public Listener listen(IOLoop loop, SocketAddress address, ListenOptions options)
            throws IOException {
        return address instanceof UnixDomainSocketAddress unix
                ? UnixSocketFile.listen(loop, unix, options)
                : ChannelListener.listen(loop, address, options);
    }

    @Override
    public boolean sharesPorts() {
        return Listeners.SHARE_PORTS;
    }

    @Override
    public LoopFuture<Transport> connect(
            IOLoop loop, SocketAddress remote, @Nullable SocketAddress local) {
        try {
            SocketChannel channel =
                    remote instanceof UnixDomainSocketAddress
                            ? SocketChannel.open(StandardProtocolFamily.UNIX)
                            : SocketChannel.open();
            return new Connect(loop, channel).to(remote, local);
        } catch (IOException e) {
            return LoopFuture.failed(loop, e);
        }
    }

    @Override
    public LoopFuture<List<InetAddress>> resolve(IOLoop loop, String host) {
        return loop.runInExecutor(() -> lookUp(host));
    }

    @Override
    public List<InetAddress> lookUp(String host) throws IOException {
        return List.of(InetAddress.getAllByName(host));
    }
}
