package dev.gyre.verify.stream;

import dev.gyre.verify.loop.Thrown;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// A file of which every use throws.
final class BrokenFile extends FileChannel {

    private final Thrown thrown;

    BrokenFile(Thrown thrown) {
        this.thrown = thrown;
    }

    @Override
    public int read(ByteBuffer target) {
        throw thrown.thrown();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw thrown.thrown();
    }

    @Override
    public int write(ByteBuffer source) {
        throw thrown.thrown();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw thrown.thrown();
    }

    @Override
    public long position() {
        throw thrown.thrown();
    }

    @Override
    public FileChannel position(long newPosition) {
        throw thrown.thrown();
    }

    @Override
    public long size() {
        throw thrown.thrown();
    }

    @Override
    public FileChannel truncate(long size) {
        throw thrown.thrown();
    }

    @Override
    public void force(boolean metaData) {
        throw thrown.thrown();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw thrown.thrown();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw thrown.thrown();
    }

    @Override
    public int read(ByteBuffer target, long position) {
        throw thrown.thrown();
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw thrown.thrown();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw thrown.thrown();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw thrown.thrown();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw thrown.thrown();
    }

    @Override
    protected void implCloseChannel() {
        throw thrown.thrown();
    }
}
