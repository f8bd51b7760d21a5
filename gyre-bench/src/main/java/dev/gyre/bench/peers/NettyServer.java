package dev.gyre.bench.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Netty: a frame decoder and a handler that writes each frame and flushes once per read.
public final class NettyServer {

    private static final int BACKLOG_MAX = 4096;

    /// The ways of Netty to wait for the system.
    private enum Transport {
        EPOLL(EpollServerSocketChannel.class),
        NIO(NioServerSocketChannel.class),
        IO_URING(IoUringServerSocketChannel.class);

        private final Class<? extends ServerChannel> channel;

        Transport(Class<? extends ServerChannel> channel) {
            this.channel = channel;
        }

        /// Only here, since the factories load libraries that another transport may do without.
        private IoHandlerFactory factory() {
            return switch (this) {
                case EPOLL -> EpollIoHandler.newFactory();
                case NIO -> NioIoHandler.newFactory();
                case IO_URING -> IoUringIoHandler.newFactory();
            };
        }
    }

    private NettyServer() {}

    /// Takes the service and the transport: `epoll`, `nio` or `io_uring`.
    public static void main(String[] arguments) throws InterruptedException, SSLException {
        Service service = Service.of(arguments[0]);
        Transport transport = Transport.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        var group = new MultiThreadIoEventLoopGroup(1, transport.factory());
        Channel listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(transport.channel)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG_MAX)
                        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(new Pipeline(service))
                        .bind(Announcement.anyPort())
                        .sync()
                        .channel();
        Announcement.print(((InetSocketAddress) listener.localAddress()).getPort());
        listener.closeFuture().sync();
    }

    /// What each connection is made of.
    private static final class Pipeline extends ChannelInitializer<SocketChannel> {

        private final Service service;
        private final ChannelGroup room = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

        /// Null unless the service is TLS.
        private final @Nullable SslContext tls;

        Pipeline(Service service) throws SSLException {
            this.service = service;
            this.tls =
                    service == Service.TLS
                            ? SslContextBuilder.forServer(KeyStoreFile.keyManagers())
                                    .sslProvider(SslProvider.JDK)
                                    .build()
                            : null;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (tls != null) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            }
            if (service == Service.BLOCKS) {
                channel.pipeline().addLast(new FixedLengthFrameDecoder(Service.BLOCK_SIZE));
            } else {
                channel.pipeline()
                        .addLast(new LineBasedFrameDecoder(Service.LINE_BYTES_MAX, false, true));
            }
            channel.pipeline().addLast(service == Service.CHAT ? new Chat(room) : new Echo());
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            var _ = context.write(frame, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            var _ = context.close();
        }
    }

    private static final class Chat extends ChannelInboundHandlerAdapter {

        private final ChannelGroup room;

        Chat(ChannelGroup room) {
            this.room = room;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            room.add(context.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            var _ = room.write((ByteBuf) frame, all -> true, true);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            room.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            var _ = context.close();
        }
    }
}
